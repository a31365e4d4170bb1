import type { Consent, JsonObject, Personal } from './event.ts';
import type { MoneyText } from './money.ts';

/** One step of a lead, as its source told it. */
export interface LeadStep {
  /** journal sequence */
  seq: number;
  status: string;
  /** the source's own time, UTC ms */
  at: number;
  /** our clock, UTC ms */
  receivedAt: number;
  /** the door that told it, such as `server` or `webhook:hubspot` */
  by: string;
  /** sequence of the event that signals it to TikTok; absent where none does */
  event?: number;
  /** why no signal left: `overtaken`, `no_event`, `no_destination`, or `known` where another step of that status did */
  unsent?: string;
  /** the lead fell below a step that was signalled, such as approved, then rejected: TikTok keeps what it was told */
  reversal?: true;
}

/** A person who asked to be contacted. The key is `leadId`, kept for ever; the state is the fold of the steps. */
export interface LeadRow {
  leadId: string;
  /** of the step that is last by source time, then by the ladder's rank */
  status: string;
  /** what the ladder gives for it */
  value?: MoneyText;
  createdAt: number;
  /** of the step that decided the status */
  changedAt: number;
  /** `crm` for a lead of a TikTok Instant Form */
  source: 'web' | 'crm';
  visitor?: string;
  session?: string;
  consent: Consent;
  /** the visitor took the consent back; the next yes gives it again */
  withdrawn?: true;
  properties: JsonObject;
  /** ids and names that the ad wrote into the landing address */
  ad?: JsonObject;
  /** in the order of the fold */
  steps: LeadStep[];
  personal: Personal | null;
}
