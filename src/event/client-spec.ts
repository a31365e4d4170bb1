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
export type RuleParts = [leg: 0 | 1 | 2, withinMs?: number, oncePer?: string[] | null, names?: Rule['names']];

/** What stands in for the placeholder in the served script: the same without names, which would be a sixth of its bytes. */
export type ClientParts = [
  shop: string,
  key: string,
  version: number,
  consent: 0 | 1,
  collector: string,
  domains: string[],
  lead: string,
  rules: Record<string, RuleParts>,
  pixels: string[],
  pixelScript: string,
  freeKeys: object,
  pages: [pattern: string, event: string][],
];

/** The parts in the order that the script takes them. */
export function partsOf({ events, ...config }: ClientConfig): ClientParts {
  return [
    config.shop,
    config.key,
    config.version,
    config.consent === 'required' ? 1 : 0,
    config.collector,
    config.domains,
    config.lead ?? 'SubmitApplication',
    Object.fromEntries(Object.entries(events).map(([event, rule]) => [event, ruleParts(rule)])),
    config.pixels,
    config.pixelScript,
    config.freeKeys ?? {},
    (config.pages ?? []).map(({ match, event }) => [match, event]),
  ];
}

function ruleParts({ pixel, guarded, oncePer, within, names }: Rule): RuleParts {
  const leg = guarded ? 1 : pixel === false ? 2 : 0;
  if (names) return [leg, within ?? 0, oncePer ?? null, names];
  return oncePer ? [leg, within ?? 0, oncePer] : [leg];
}
