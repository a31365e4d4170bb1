import { ADMISSION_REASONS } from '../admission/reasons.ts';
import { DOOR_REASONS } from '../collection/reasons.ts';
import type { Reason } from '../event/reason.ts';
import { NEXT_REASONS } from '../transport/next.ts';
import { PICK_REASONS } from '../transport/pick.ts';
import { LIMIT_REASONS } from './limits.ts';

/** Every reason code of every stage. The reference is written from this list. */
export const REASONS: readonly Reason[] = [
  ...DOOR_REASONS,
  ...LIMIT_REASONS,
  ...ADMISSION_REASONS,
  ...NEXT_REASONS,
  ...PICK_REASONS,
];
