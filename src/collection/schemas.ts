import { type Static, type TSchema, Type } from 'typebox';
import { Compile } from 'typebox/compile';
import { Settings } from 'typebox/system';
import { type FactKind, MOVES_MONEY } from '../event/order.ts';
import type { Parsed, Problem } from '../event/problem.ts';

// The library stops at eight errors; a union has several for one place, and a sender wants to hear all.
Settings.Set({ maxErrors: 200 });

/** Ceilings of one request. A full batch of the largest events is refused by the body's size first. */
export const EVENTS_MAX = 500;
const REPORTS_MAX = 32;
const ID_MAX = 512;
const URL_MAX = 8192;

// A longer number has lost digits on its way: such ids come as text.
const numberId = Type.Number({ maximum: Number.MAX_SAFE_INTEGER });
const id = Type.Union([Type.String({ maxLength: ID_MAX }), numberId]);
/** Ids of orders and payments are keys, so they can't be blank. */
const key = Type.Union([Type.String({ maxLength: ID_MAX, pattern: '\\S' }), numberId]);
/** An object of the sender's own fields. They are not walked here: a body may hold a hundred thousand of them. */
const bag = Type.Unsafe<Record<string, unknown>>(Type.Object({}));
const time = Type.Union([Type.String({ maxLength: 64 }), Type.Number()]);
/** A page tells the parameters of its landing one by one, as the address had them. */
const landing = Type.Union([
  bag,
  Type.Array(Type.Union([Type.String({ maxLength: URL_MAX }), Type.Null()]), { maxItems: 64 }),
]);
const page = Type.Object({
  url: Type.Optional(Type.String({ maxLength: URL_MAX })),
  referrer: Type.Optional(Type.String({ maxLength: URL_MAX })),
});
const consent = Type.Union([Type.Literal('granted'), Type.Literal('denied'), Type.Literal('unknown')]);
const pixel = Type.Union([Type.Literal('fired'), Type.Literal('failed'), Type.Literal('waits'), Type.Literal('none')]);

const eventFields = {
  event: Type.String({ minLength: 1, maxLength: 200 }),
  event_id: Type.Optional(id),
  time: Type.Optional(time),
  user: Type.Optional(bag),
  page: Type.Optional(page),
  properties: Type.Optional(bag),
  app: Type.Optional(bag),
  ad: Type.Optional(bag),
  lead: Type.Optional(bag),
  limited_data_use: Type.Optional(Type.Boolean()),
  pixel: Type.Optional(pixel),
  consent: Type.Optional(consent),
  visitor: Type.Optional(Type.String({ maxLength: ID_MAX })),
  session: Type.Optional(Type.String({ maxLength: ID_MAX })),
  draft: Type.Optional(Type.Boolean()),
};
const source = Type.Union([Type.Literal('web'), Type.Literal('app'), Type.Literal('offline'), Type.Literal('crm')]);

/** One event as a server, or `assay explain`, tells it. */
export const serverEvent = Type.Object({
  ...eventFields,
  source: Type.Optional(source),
  origin: Type.Optional(Type.Union([Type.Literal('visitor'), Type.Literal('system')])),
  sent_at: Type.Optional(Type.Number()),
});
export const serverBatch = Type.Object({ events: Type.Array(serverEvent, { minItems: 1, maxItems: EVENTS_MAX }) });

const fired = [
  Type.Literal('fired'),
  Type.String({ maxLength: 64 }),
  Type.String({ maxLength: ID_MAX }),
  Type.Number(),
] as const;
const script = Type.Union([Type.Literal('loaded'), Type.Literal('loadFailed'), Type.Literal('unknown')]);
const figure = Type.Union([Type.Number(), Type.Null()]);
const engagement = [Type.Literal('engagement'), ...Array.from({ length: 6 }, () => figure)];

/** What a page tells beside events. Figures are any numbers here: the record clamps them. */
export const report = Type.Union([
  Type.Tuple([Type.Literal('pixel'), script]),
  Type.Tuple([...fired]),
  Type.Tuple([...fired, Type.String({ maxLength: 64 })]),
  Type.Tuple([Type.Literal('consent'), Type.Union([Type.Literal('granted'), Type.Literal('denied')])]),
  Type.Tuple(engagement),
  Type.Tuple([...engagement, figure]),
  Type.Tuple([...engagement, figure, figure]),
  // Whatever somebody else's tag gave to the pixel: the record makes text of it.
  Type.Tuple([Type.Literal('foreign')]),
  Type.Tuple([Type.Literal('foreign'), Type.Unknown()]),
  Type.Tuple([Type.Literal('foreign'), Type.Unknown(), Type.Unknown()]),
]);

const pageEvent = Type.Object({ ...eventFields, pixel: Type.Optional(Type.Union([script, Type.Literal(false)])) });
/** Only the events are checked with their batch: a report that is none costs only itself. */
const eventOrReport = Type.Unsafe<Static<typeof pageEvent> | unknown[]>({ if: { type: 'array' }, else: pageEvent });

export const browserBatch = Type.Object({
  key: Type.String({ maxLength: ID_MAX }),
  spec: Type.Integer({ minimum: 0 }),
  sent_at: Type.Number(),
  visitor: Type.String({ minLength: 1, maxLength: ID_MAX }),
  session: Type.String({ minLength: 1, maxLength: ID_MAX }),
  consent,
  user: Type.Optional(bag),
  page: Type.Optional(page),
  ad: Type.Optional(landing),
  events: Type.Optional(
    Type.Array(eventOrReport, {
      maxItems: EVENTS_MAX,
      contains: { type: 'array' },
      minContains: 0,
      maxContains: REPORTS_MAX,
    }),
  ),
});

export const order = Type.Object({
  key: Type.Optional(Type.String({ maxLength: ID_MAX })),
  order_id: Type.Optional(key),
  value: Type.Union([Type.String({ maxLength: 64 }), Type.Number()]),
  currency: Type.String({ maxLength: 16 }),
  contents: Type.Optional(Type.Array(bag, { maxItems: 200 })),
  properties: Type.Optional(bag),
  time: Type.Optional(time),
  user: Type.Optional(bag),
  page: Type.Optional(page),
  visitor: Type.Optional(Type.String({ maxLength: ID_MAX })),
  session: Type.Optional(Type.String({ maxLength: ID_MAX })),
  consent: Type.Optional(consent),
  ad: Type.Optional(landing),
  limited_data_use: Type.Optional(Type.Boolean()),
  spec: Type.Optional(Type.Integer({ minimum: 0 })),
});

const status = Type.String({ maxLength: 64, pattern: '\\S' });
const leadFields = {
  time: Type.Optional(time),
  user: Type.Optional(bag),
  page: Type.Optional(page),
  properties: Type.Optional(bag),
  lead: Type.Optional(bag),
  source: Type.Optional(Type.Union([Type.Literal('web'), Type.Literal('crm')])),
  visitor: Type.Optional(Type.String({ maxLength: ID_MAX })),
  session: Type.Optional(Type.String({ maxLength: ID_MAX })),
  consent: Type.Optional(consent),
  ad: Type.Optional(bag),
  spec: Type.Optional(Type.Integer({ minimum: 0 })),
  draft: Type.Optional(Type.Boolean()),
};

/** A lead, as a page or a server tells it first. */
export const lead = Type.Object({
  key: Type.Optional(Type.String({ maxLength: ID_MAX })),
  lead_id: Type.Optional(key),
  status: Type.Optional(status),
  ...leadFields,
});

/** A later step of a lead, whose id stands in the address. */
export const leadStep = Type.Object({ status, ...leadFields });

/** Steps of any leads, as an import tells them: with their times, by which a repeat is known. */
export const leadBatch = Type.Object({
  leads: Type.Array(
    Type.Object({
      ...{ lead_id: key, status: Type.Optional(status), ...leadFields, time },
      provider: Type.Optional(Type.String({ pattern: '^\\w{1,64}$' })),
      property: Type.Optional(Type.String({ minLength: 1, maxLength: ID_MAX })),
    }),
    { minItems: 1, maxItems: EVENTS_MAX },
  ),
});

const facts = Object.keys(MOVES_MONEY) as FactKind[];

/** What became of an order, whose id stands in the address. */
export const entry = Type.Object({
  fact: Type.Optional(Type.Union(facts.map((kind) => Type.Literal(kind)))),
  reference: key,
  /** the payment that it belongs to, by whose provider's webhook it may be known */
  payment: Type.Optional(Type.String({ maxLength: 540, pattern: '^[a-z]{2,20}:\\S+$' })),
  // Read by their meaning: a comma or a foreign sign gets an answer of its own.
  amount: Type.Optional(Type.Union([Type.String({ maxLength: 64 }), Type.Number()])),
  currency: Type.Optional(Type.String({ maxLength: 16 })),
  time: Type.Optional(time),
  user: Type.Optional(bag),
  origin: Type.Optional(Type.Union([Type.Literal('visitor'), Type.Literal('system')])),
  draft: Type.Optional(Type.Boolean()),
});
export const entryBatch = Type.Object({ entries: Type.Array(entry, { minItems: 1, maxItems: EVENTS_MAX }) });

/** The same of any order, as an import tells it. */
export const factBatch = Type.Object({
  facts: Type.Array(Type.Object({ order_id: Type.Optional(key), ...entry.properties }), {
    minItems: 1,
    maxItems: EVENTS_MAX,
  }),
});

// They stand in addresses and in a cookie.
const carriedId = Type.String({ pattern: '^[\\w-]{1,128}$' });

/** What goes along to another host of the site. */
export const carry = Type.Object({
  key: Type.String({ maxLength: ID_MAX }),
  visitor: carriedId,
  session: carriedId,
});

/** A compiled check that answers with the typed value, or with every problem: where, what, how to mend it. */
export function parser<T extends TSchema>(schema: T): (value: unknown) => Parsed<Static<T>> {
  const compiled = Compile(schema);
  return (value) => {
    if (compiled.Check(value)) return { ok: true, value: value as Static<T> };
    const bare = withoutNulls(value, 0);
    if (compiled.Check(bare)) return { ok: true, value: bare as Static<T> };
    const seen = new Map<string, Problem>();
    for (const error of compiled.Errors(bare)) {
      // It says that a branch does not fit, which has said so by itself.
      if (error.keyword === 'if') continue;
      const missing = 'requiredProperties' in error.params ? (error.params.requiredProperties as string[]) : [''];
      for (const name of missing) {
        const where = [...error.instancePath.split('/').filter(Boolean), name].filter(Boolean).join('.') || 'body';
        const what = name === '' ? error.message : 'is missing';
        // The first error of a place says most: a union adds one per branch and one for itself.
        if (!seen.has(where))
          seen.set(where, { where, what, fix: `send ${where} as the reference describes it`, code: 'body_shape' });
      }
    }
    return { ok: false, problems: [...seen.values()].slice(0, 20) };
  };
}

const NULLS_DEPTH_MAX = 4;

/** A field sent as null says nothing, like one left out. */
function withoutNulls(value: unknown, depth: number): unknown {
  if (typeof value !== 'object' || value === null || depth > NULLS_DEPTH_MAX) return value;
  if (Array.isArray(value)) return value.map((item) => withoutNulls(item, depth + 1));
  let bare: Record<string, unknown> | undefined;
  const told = value as Record<string, unknown>;
  for (const name in told) {
    const kept = told[name] === null ? undefined : withoutNulls(told[name], depth + 1);
    if (kept === told[name]) continue;
    bare ??= { ...told };
    if (kept === undefined) delete bare[name];
    else bare[name] = kept;
  }
  return bare ?? value;
}
