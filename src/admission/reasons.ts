import type { Reason } from '../event/reason.ts';
import { ACTIVATION_REASONS } from './activation.ts';
import { AD_REPORT_REASONS } from './ad-reports.ts';
import { AMOUNT_REASONS } from './amount.ts';
import { CONFIRM_REASONS } from './confirm.ts';
import { CONSENT_REASONS } from './consents.ts';
import { EVENT_REASONS } from './events.ts';
import { FACT_REASONS } from './facts.ts';
import { INSPECT_REASONS } from './inspect.ts';
import { LEAD_REASONS } from './leads.ts';
import { LEG_REASONS } from './legs.ts';
import { LOST_SESSION_REASONS } from './lost-session.ts';
import { NORMALISE_REASONS } from './normalise.ts';
import { OPERATOR_REASONS } from './operators.ts';
import { ORDER_REASONS } from './orders.ts';
import { ORPHAN_REASONS } from './orphans.ts';
import { OUTCOME_REASONS } from './outcomes.ts';
import { REFUND_REASONS } from './refunds.ts';
import { REPLAY_REASONS } from './replay.ts';
import { REQUIRE_REASONS } from './require.ts';
import { RESTORED_REASONS } from './restored.ts';
import { TOUCH_REASONS } from './touches.ts';
import { TIME_REASONS } from './when.ts';

/** Every reason that admission can give. */
export const ADMISSION_REASONS: Reason[] = [
  ...EVENT_REASONS,
  ...ORDER_REASONS,
  ...LOST_SESSION_REASONS,
  ...REFUND_REASONS,
  ...FACT_REASONS,
  ...CONFIRM_REASONS,
  ...ORPHAN_REASONS,
  ...LEAD_REASONS,
  ...TOUCH_REASONS,
  ...AD_REPORT_REASONS,
  ...CONSENT_REASONS,
  ...OPERATOR_REASONS,
  ...NORMALISE_REASONS,
  ...REQUIRE_REASONS,
  ...INSPECT_REASONS,
  ...AMOUNT_REASONS,
  ...TIME_REASONS,
  ...LEG_REASONS,
  ...OUTCOME_REASONS,
  ...REPLAY_REASONS,
  ...RESTORED_REASONS,
  { code: 'pixel_loaded', with: 'admitted', means: 'TikTok’s pixel loaded in the page.', fix: '' },
  {
    code: 'pixel_load_failed',
    with: 'admitted',
    means: 'TikTok’s pixel could not be loaded in the page.',
    fix: 'Usual with ad blockers; check the page’s content security policy too.',
  },
  {
    code: 'pixel_unknown',
    with: 'admitted',
    means: 'The page was left before the pixel had loaded or failed.',
    fix: '',
  },
  ...ACTIVATION_REASONS,
];
