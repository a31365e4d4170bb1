import type { Consent } from './event.ts';

/** The part of the tracking spec that a page needs: compiled by the server into the SDK's script. */
export interface ClientSpec {
  /** spec version the page runs */
  version: number;
  /** business id, the prefix of order event ids */
  shop: string;
  /** TikTok pixel codes, each once */
  pixels: string[];
  consent: 'required' | 'none';
  /** hosts that belong to the site */
  domains: string[];
  /**
   * Events with a rule of their own; any other has a pixel leg, fired at once. `within` is ms. `names` holds, by pixel
   * code, the name that this pixel gets instead: the one that the api leg of its destination uses.
   */
  events: Record<
    string,
    { pixel?: false; guarded?: true; oncePer?: string[]; within?: number; names?: Record<string, string> }
  >;
  /** the page map: the first page whose pattern, a regular expression, matches the path tells its event */
  pages?: { match: string; event: string }[];
  /** event of a new lead; SubmitApplication where it is absent */
  lead?: string;
  /** free keys that go along with every call of the pixel, as they do with the api leg */
  freeKeys?: { source: 'web'; origin: 'visitor' };
}

/** All that one collector's script knows. */
export interface ClientConfig extends ClientSpec {
  /** write key of the browser door */
  key: string;
  /** collector's base URL, without a slash at the end */
  collector: string;
  /** URL of TikTok's pixel script, without its query */
  pixelScript: string;
}

type Rule = ClientSpec['events'][string];

/** `leg`: 0 is fired at once, 1 waits for a handout, 2 has none. */
export type RuleParts = [leg: 0 | 1 | 2, withinSeconds?: number, oncePer?: string[] | null, names?: Rule['names']];

/** What the script works with. */
export interface ClientParts {
  shop: string;
  key: string;
  version: number;
  /** what may have been chosen where the script is to work */
  choices: Consent[];
  collector: string;
  domains: string[];
  leadEvent: string;
  rules: Record<string, RuleParts>;
  pixels: string[];
  pixelScript: string;
  freeKeys: object;
  pages: [pattern: string, event: string][];
}

export function partsOf({ consent, events, lead, pages, freeKeys, ...config }: ClientConfig): ClientParts {
  return {
    ...config,
    choices: consent === 'required' ? ['granted'] : ['granted', 'unknown'],
    leadEvent: lead ?? 'SubmitApplication',
    rules: Object.fromEntries(Object.entries(events).map(([event, rule]) => [event, ruleParts(rule)])),
    freeKeys: freeKeys ?? {},
    pages: (pages ?? []).map(({ match, event }) => [match, event]),
  };
}

/** The name that stands for a part in the built script, as a text. */
export function placeOf(part: keyof ClientParts): string {
  return `__ASSAY_${part}__`;
}

/** The script with each part in its place: over the text that names it, or inside a longer one. */
export function writeParts(script: string, config: ClientConfig): string {
  return script.replace(/"__ASSAY_(\w+?)__"|__ASSAY_(\w+?)__/g, (_, whole: string, inside: string) => {
    const source = JSON.stringify(partsOf(config)[(whole ?? inside) as keyof ClientParts])
      // JSON is safe inside a script but for these two line ends, which older engines take as such.
      .replace(/(?<=[{,])"([A-Za-z_]\w*)":/g, '$1:')
      .replace(/\u2028/g, '\\u2028')
      .replace(/\u2029/g, '\\u2029');
    // The longer text may be in any quotes.
    return whole ? source : source.slice(1, -1).replace(/['`$]/g, '\\$&');
  });
}

function ruleParts({ pixel, guarded, oncePer, within, names }: Rule): RuleParts {
  const leg = guarded ? 1 : pixel === false ? 2 : 0;
  const seconds = (within ?? 0) / 1000;
  if (names) return [leg, seconds, oncePer ?? null, names];
  return oncePer ? [leg, seconds, oncePer] : [leg];
}
