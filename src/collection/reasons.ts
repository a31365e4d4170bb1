import type { Reason } from '../event/reason.ts';
import { UNREAD_REASONS } from './unread.ts';

/** Notes that a door makes on what it left out, and why it could not read a body. */
export const DOOR_REASONS: Reason[] = [
  ...UNREAD_REASONS,
  {
    code: 'email_invalid',
    with: 'note',
    means: 'An e-mail address was left out: not one bare address.',
    fix: 'Send the address alone, or its SHA-256.',
  },
  {
    code: 'phone_invalid',
    with: 'note',
    means: 'A phone number was left out: it can’t be brought to E.164.',
    fix: 'Send +, country code and number, or user.country beside a national number.',
  },
  {
    code: 'match_key_left_out',
    with: 'note',
    means: 'A match key was left out: unreadable, too long, too many of it, or none that TikTok knows.',
    fix: 'Send user as the reference describes it.',
  },
  {
    code: 'contact_removed',
    with: 'note',
    means: 'A text shaped like an e-mail address or phone number was removed.',
    fix: 'Send contacts in user only.',
  },
  {
    code: 'nested_too_deep',
    with: 'note',
    means: 'A part of the properties was nested too deep and was left out.',
    fix: 'Send flat properties.',
  },
];
