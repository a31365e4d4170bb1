/** Why a step told TikTok nothing, by what the ledger notes. */
const UNSENT: Readonly<Record<string, string>> = {
  overtaken: 'Not told to TikTok: a later step was known already.',
  no_event: 'Not told to TikTok: the spec maps no event to this status.',
  no_destination: 'Not told to TikTok: no destination takes it.',
  known: 'Not told to TikTok again: another step of this status was.',
};

export function unsentSays(why: string): string {
  return UNSENT[why] ?? `Not told to TikTok: ${why}`;
}
