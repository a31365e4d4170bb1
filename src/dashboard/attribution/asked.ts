import type { AttributionAsked, AttributionRow } from '../../api/attribution.ts';

export type By = AttributionAsked['by'];
const LEVELS = ['channel', 'campaign', 'adgroup', 'ad'] as const;
/** One line of a coarser view; a level that is there and empty is what is not known. */
type Line = AttributionRow['of'];

/** What the figures are asked for by, as the address has it; an empty text leaves it to the spec. */
export interface Asked {
  by: string;
  from: string;
  to: string;
  model: string;
  click: string;
  engagedView: string;
  view: string;
  count: string;
  basis: string;
  /** names of conversions with commas between them; all where it is empty */
  name: string;
  currency: string;
  /** number of a past statement, instead of model and windows */
  statement: string;
  line: Line;
  /** the table's order, such as `-value`; not the server's business */
  sort: string;
}

const FIELDS = [
  ...(['by', 'from', 'to', 'model', 'click', 'engagedView', 'view', 'count', 'basis'] as const),
  ...(['name', 'currency', 'statement'] as const),
];

/** What a past statement has settled already. */
export const NO_RULES = { model: '', click: '', engagedView: '', view: '', count: '' };

/** Reads an address's query. */
export function askedOf(query: string): Asked {
  const params = new URLSearchParams(query);
  const text = (name: string) => params.get(name)?.trim() ?? '';
  const texts = Object.fromEntries(FIELDS.map((field) => [field, text(field)])) as Record<
    (typeof FIELDS)[number],
    string
  >;
  const line = Object.fromEntries(LEVELS.flatMap((level) => (params.has(level) ? [[level, text(level)]] : [])));
  return { ...texts, line, sort: text('sort') };
}

/** The inverse of `askedOf`: `?by=ad&campaign=17`, or nothing. */
export function addressOf(asked: Asked): string {
  const params = paramsOf(asked);
  if (asked.sort !== '') params.set('sort', asked.sort);
  return queryText(params);
}

/** As the server is asked. */
export function questionOf(asked: Asked): string {
  return queryText(paramsOf(asked));
}

/** The part of it that windows are compared for, which have their own rules and lines. */
export function windowsQuestionOf({ from, to, name, currency }: Asked): string {
  return queryText(paramsOf({ ...askedOf(''), from, to, name, currency }));
}

/** What one figure is made of, or the rules for one conversion: the question, with more parameters of its own. */
export function figureQuestion(asked: Asked, figure: Record<string, string>, after: string): string {
  const params = paramsOf(asked);
  for (const [name, text] of Object.entries(figure)) params.set(name, text);
  if (after !== '') params.set('after', after);
  return queryText(params);
}

/** Parameters that narrow a question to one row. */
export function rowAsks(by: By, row: Pick<AttributionRow, 'key' | 'of'>): Record<string, string> {
  return by === 'day' ? { from: row.key, to: row.key } : { ...row.of };
}

/** By which rows and series are told apart: names are not unique. */
export function lineKey(line: Line): string {
  return LEVELS.map((level) => JSON.stringify(line[level] ?? null)).join();
}

const FINER: Readonly<Record<By, By | undefined>> = {
  channel: 'campaign',
  campaign: 'adgroup',
  adgroup: 'ad',
  ad: undefined,
  day: undefined,
};

/** What lies behind one row: the next finer rows of it, or the campaigns of a day. Nothing lies behind an ad, or what is not known. */
export function behind(asked: Asked, by: By, row: Pick<AttributionRow, 'key' | 'of'>): Asked | undefined {
  if (row.key === '') return undefined;
  if (by === 'day') return { ...asked, by: 'campaign', from: row.key, to: row.key, sort: '' };
  const finer = FINER[by];
  return finer && { ...asked, line: { ...asked.line, ...row.of }, by: finer, sort: '' };
}

/** The way back from a narrowed view: each level that it was narrowed at, coarsest first, with the view that it was opened to. */
export function wayTo(asked: Asked): { by: By; key: string; asked: Asked }[] {
  let line: Line = {};
  return LEVELS.flatMap((by) => {
    const key = asked.line[by];
    if (key === undefined) return [];
    line = { ...line, [by]: key };
    return [{ by, key, asked: { ...asked, line, by: FINER[by] ?? by, sort: '' } }];
  });
}

/** The view that nothing narrows. */
export function widest(asked: Asked): Asked {
  return { ...asked, line: {}, by: 'campaign', sort: '' };
}

function paramsOf(asked: Asked): URLSearchParams {
  const params = new URLSearchParams();
  for (const field of FIELDS) if (asked[field] !== '') params.set(field, asked[field]);
  for (const level of LEVELS) {
    const key = asked.line[level];
    if (key !== undefined) params.set(level, key);
  }
  return params;
}

function queryText(params: URLSearchParams): string {
  return params.size === 0 ? '' : `?${params}`;
}
