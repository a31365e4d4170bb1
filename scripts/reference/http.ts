import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TSchema } from 'typebox';
import {
  browserBatch,
  carry,
  EVENTS_MAX,
  entry,
  lead,
  leadStep,
  order,
  serverEvent,
} from '../../src/collection/schemas.ts';
import { newKey, newTest } from '../../src/server/acts.ts';
import { adminRoutes } from '../../src/server/admin.ts';
import {
  BROWSER_BYTES_MAX,
  CARRY_BYTES_MAX,
  HOOK_BYTES_MAX,
  ORDER_BYTES_MAX,
  SERVER_BYTES_MAX,
} from '../../src/server/doors/bytes.ts';
import type { DoorParts } from '../../src/server/doors/frame.ts';
import { doorRoutes } from '../../src/server/doors.ts';
import type { Route } from '../../src/server/http.ts';
import { replayRequest } from '../../src/server/letters-replay.ts';
import { ERRORS, MEANINGS } from './http-fields.ts';
import { code, fenced, page, table } from './markdown.ts';

const SRC = join(import.meta.dirname, '../../src');
const kib = (bytes: number): string => `at most ${bytes / 1024} KiB`;

interface Told {
  says: string;
  /** what the caller shows */
  who: string;
  body?: { schema: TSchema; note: string; types?: string[] };
  answer: string;
}

/** How the books are asked. */
const NARROWED =
  '`?status=`, `?from=` and `?to=` (days of the business’s time zone, both included) narrow it down; `?limit=` is 50, at most 200, and `?after=` takes `next` of the page before.';

/** How attribution is asked. */
const ATTRIBUTED =
  'under the rules of the spec or of `?model=`, `?click=`, `?engagedView=`, `?view=` (such as `7d`, or `off`) and `?count=`; or as `?statement=` of that number said. `?from=` and `?to=` are days of the ad account’s time zone, both included, at most 400; `?basis=` books to the day of the `touch` or of the `conversion`; `?name=Purchase,Lead` and `?currency=` say what is counted, and `?channel=`, `?campaign=`, `?adgroup=` and `?ad=` of which ads.';

/** What each route is for. A route that is missing here, or no longer there, stops the generator. */
const ROUTES: Record<string, Told> = {
  'GET /a.js': {
    says: 'The script for pages, with the client part of the spec in it.',
    who: 'Anybody.',
    answer: '200 with JavaScript, kept by caches for five minutes.',
  },
  'GET /healthz': { says: 'Is the process there?', who: 'Anybody.', answer: '200 `{"ok":true}`.' },
  'POST /v1/events': {
    says: 'Events and reports of one page.',
    who: 'The write key in the body, and an `Origin` that the spec lists. `text/plain` is taken too, so a beacon needs no preflight.',
    body: {
      schema: browserBatch,
      note: kib(BROWSER_BYTES_MAX),
      types: ['ScriptState', 'BrowserReport', 'PageUse', 'ScriptBatch', 'ScriptHead', 'ScriptEvent'],
    },
    answer: '202 `Receipt`. With `Prefer: wait=N` (seconds, at most 10) also the fields of `ReceiptAnswer`.',
  },
  'POST /v1/server/events': {
    says: `One event, an array of them, or \`{"events": […]}\`, at most ${EVENTS_MAX}. All are taken, or none.`,
    who: '`Authorization: Bearer <ASSAY_SECRET_KEY>`.',
    body: { schema: serverEvent, note: `${kib(SERVER_BYTES_MAX)}; the fields are those of one event` },
    answer: '202 `Receipt`. With `Prefer: wait=N` (seconds, at most 10) also the fields of `ReceiptAnswer`.',
  },
  'POST /v1/server/import': {
    says: `Events of any past time, in the body of \`POST /v1/server/events\`; or what became of orders, as \`{"facts": […]}\`: entries of \`POST /v1/orders/:id/entries\`, each with its \`order_id\`; or steps of leads, as \`{"leads": […]}\`: bodies of \`POST /v1/leads\`, each with its \`lead_id\` and \`time\`, and with \`provider\` (and \`property\`) where the status is a CRM’s own word, which \`leads.crm\` of the spec knows; at most ${EVENTS_MAX} of them. With \`?dry_run=1\` nothing is taken: the answer says what would become of each by itself.`,
    who: 'An import key, or the secret key, in `Authorization`.',
    answer: '202 `Receipt`; to a dry run 200 `DryRunAnswer`, `FactDryRunAnswer` or `LeadDryRunAnswer`.',
  },
  'POST /v1/orders': {
    says: 'An order, told before its payment. Telling it again is harmless: the order id is the key. Without one it gets one here, and the answer has it.',
    who: 'The secret key in `Authorization`, or from a page the write key in the body and a listed `Origin`.',
    body: { schema: order, note: kib(ORDER_BYTES_MAX) },
    answer: '201 `OrderReceipt`. Its `handout` belongs to this visitor’s page and to nobody else.',
  },
  'POST /v1/orders/:id/entries': {
    says: `What became of an order: money that moved, a cancellation, a dispute. One entry, or \`{"entries": […]}\`, at most ${EVENTS_MAX}. All are taken, or none. The same \`reference\` again changes nothing. The order need not be known yet.`,
    who: '`Authorization: Bearer <ASSAY_SECRET_KEY>`.',
    body: { schema: entry, note: `${kib(SERVER_BYTES_MAX)}; the fields are those of one entry` },
    answer: '202 `Receipt`. With `Prefer: wait=N` (seconds, at most 10) also the fields of `ReceiptAnswer`.',
  },
  'GET /v1/handouts/:capability': {
    says: 'May the page fire its pixel for this order? `?wait=25` (seconds, at most 25) waits for the answer to change.',
    who: 'Who holds the capability.',
    answer: '200 `HandoutAnswer`. 404 for anything that is not a capability.',
  },
  'POST /v1/leads': {
    says: 'A new lead. Without `lead_id` it gets a random one, without `status` it is `new`. A page tells only `new`, and is always of the web.',
    who: 'The secret key in `Authorization`, or from a page the write key in the body and a listed `Origin`.',
    body: { schema: lead, note: kib(ORDER_BYTES_MAX) },
    answer: '201 `LeadReceipt`.',
  },
  'POST /v1/leads/:id/status': {
    says: 'A later step of a lead. The spec says which event, and which value, a status stands for.',
    who: '`Authorization: Bearer <ASSAY_SECRET_KEY>`.',
    body: { schema: leadStep, note: kib(ORDER_BYTES_MAX) },
    answer: '201 `LeadReceipt`.',
  },
  'GET /v1/click': {
    says: 'Notes a click on an ad and sends it on to `?to=`, an address on a host of `sites.domains` or `sites.origins`. See [clicks and views](../guides/clicks-and-views.md).',
    who: 'Anybody.',
    answer: '302 with the ad’s parameters that the target lacks; 400 for any other target.',
  },
  'GET /v1/view': {
    says: 'Notes the view of an ad, with nothing of the person. Only with `ASSAY_VIEWS=on`.',
    who: 'Anybody.',
    answer: '200 with a transparent picture of one pixel; 404 while it is off.',
  },
  'POST /v1/carry': {
    says: 'Takes a visitor’s ids along to another host of the site.',
    who: 'The write key in the body, and an `Origin` that the spec lists.',
    body: { schema: carry, note: kib(CARRY_BYTES_MAX) },
    answer: '201 `CarryReceipt`.',
  },
  'GET /v1/carry/:token': {
    says: 'Gives the ids back, once, within two minutes.',
    who: 'Who holds the token, from an `Origin` that the spec lists.',
    answer: '200 `CarryAnswer`; 404 for a token that was used, is over or was never given.',
  },
  'POST /v1/hooks/:provider': {
    says: `A provider’s webhook, ${kib(HOOK_BYTES_MAX)}: [all of them](webhooks.md), and what each tells. \`ASSAY_PROVIDERS\` says which are on.`,
    who: 'The provider’s signature.',
    answer:
      '202 `Receipt`, for a repeat and for a topic without a meaning too, so that the provider stops repeating. 200 for a provider’s ping. 401 for whatever is not genuine, always the same.',
  },
  'GET /v1/receipts/:id': {
    says: 'The verdicts on the records of one request.',
    who: 'Who holds the receipt.',
    answer: '200 `ReceiptAnswer`. 404 for a receipt that was never given.',
  },
  'GET /readyz': {
    says: 'Can the journal and the ledger be written, the offset of admission, and each destination’s state.',
    who: 'Anybody.',
    answer: '200 with JSON; 503 with the same while the journal can’t be written, when the doors take nothing.',
  },
  'GET /v1/reasons': { says: 'Every reason code.', who: 'Signed in.', answer: '200 with a list of `ReasonAnswer`.' },
  'GET /v1/live': {
    says: 'Server-sent events: `rows` and `counts` as `LiveStream` names them.',
    who: 'Signed in.',
    answer: '200 with a stream; 503 when too many watch.',
  },
  'GET /v1/trace/:id': {
    says: 'Everything about an order id, event id, sequence, visitor, session, ttclid or TikTok request id.',
    who: 'Signed in.',
    answer: '200 `TraceAnswer`, 404 when nothing is known.',
  },
  'GET /v1/reports/orders': {
    says: `The order book, newest first. ${NARROWED} \`?order_id=\` is the beginning of one. \`?currency=\` takes orders that money was due or moved in, \`?provider=\` those of which it told a fact, and \`?shop=\` those of a business: \`marks\` of the answer name them. \`?session=lost\` takes those whose visitor was lost on the way; \`lostSession\` says between what.`,
    who: 'Signed in.',
    answer: '200 `OrdersAnswer`.',
  },
  'GET /v1/reports/orders.csv': {
    says: 'The same as a file, one row an order, all that match.',
    who: 'Signed in.',
    answer: '200 with CSV; 503 while two files are being written.',
  },
  'GET /v1/reports/orders-entries.csv': {
    says: 'The same as a file, one row an entry.',
    who: 'Signed in.',
    answer: '200 with CSV; 503 while two files are being written.',
  },
  'GET /v1/reports/leads': {
    says: `The leads, newest first. ${NARROWED} \`?lead_id=\` is the beginning of one. \`?age=1-3\` are the leads that have stood at their status for a day or more, and not yet for three; \`?age=30-\` those of thirty days and more. \`ageing\` counts all leads so.`,
    who: 'Signed in.',
    answer: '200 `LeadsAnswer`.',
  },
  'GET /v1/reports/leads.csv': {
    says: 'The same as a file, one row a lead, all that match. `properties` is one cell of JSON.',
    who: 'Signed in.',
    answer: '200 with CSV; 503 while two files are being written.',
  },
  'GET /v1/reports/leads-steps.csv': {
    says: 'The same as a file, one row a step.',
    who: 'Signed in.',
    answer: '200 with CSV; 503 while two files are being written.',
  },
  'GET /v1/reports/deliveries': {
    says: 'How TikTok takes what is sent: each destination’s state, what waits, and, over the time of `?hours=` (1, 6, 24 or 168; 24 unless told), backlog and lag in stretches and all answers by code. See [deliveries](../guides/deliveries.md).',
    who: 'Signed in.',
    answer: '200 `DeliveriesAnswer`.',
  },
  'GET /v1/reports/deliveries.csv': {
    says: 'Its `series` as a file, one row a stretch.',
    who: 'Signed in.',
    answer: '200 with CSV.',
  },
  'GET /v1/reports/deliveries-outcomes.csv': {
    says: 'Its `outcomes` as a file, one row an answer.',
    who: 'Signed in.',
    answer: '200 with CSV.',
  },
  'GET /v1/reports/letters': {
    says: 'Dead letters, newest first: events that were given up, and records in quarantine, with what a replay would do now. `?kind=dead`, `unknown` or `record`; `?destination=`, `?why=` a reason code, `?code=` a return code of TikTok’s, `?event=` a name, `?money=true`; `?from=` and `?to=` are days of the business’s time zone, both included, or moments such as `2026-11-22T09:00:00Z`. `?limit=` is at most 200; `next` of the answer is the next page’s `?after=`. `counts` are those of the whole store. See [dead letters](../guides/dead-letters.md).',
    who: 'Signed in.',
    answer: '200 `LettersAnswer`.',
  },
  'GET /v1/reports/letters.csv': {
    says: 'The same as a file, one row a letter, whole, all that match. Nothing personal is in it.',
    who: 'Signed in.',
    answer: '200 with CSV; 503 while two files are being written.',
  },
  'GET /v1/reports/letters.ndjson': {
    says: 'The same as lines of JSON, each a `WholeLetterAnswer`.',
    who: 'Signed in.',
    answer: '200 with JSON lines; 503 while two files are being written.',
  },
  'GET /v1/letters/:id': {
    says: 'One dead letter whole. Its id is `leg:<event>/<destination>`, with the slash as `%2F`, or `record:<sequence>`.',
    who: 'Signed in.',
    answer: '200 `WholeLetterAnswer`; 404 for what is no dead letter.',
  },
  'POST /v1/letters/replay': {
    says: 'Has dead letters tried again, some by their ids or all that match; with `dry` it says what that would do. At most 1,000 letters a request: `next` of the answer, sent as `after`, goes on.',
    who: 'Signed in.',
    body: { schema: replayRequest, note: 'at most 256 KiB' },
    answer: '200 `ReplayAnswer`; 503 when it is written down and not decided yet.',
  },
  'POST /v1/imports/touches': {
    says: 'Contact with ads that was seen elsewhere, at most 1,000 touches, all or nothing; with `?dry_run=1` they are only read. A repeat changes nothing. See [importing](../guides/importing.md#clicks-and-views-of-ads).',
    who: 'Signed in.',
    answer:
      '200 `ImportedAnswer`, the body being a `TouchImport` of at most 2 MiB; 503 when it is written down and not decided yet.',
  },
  'POST /v1/imports/ads': {
    says: 'Rows of Ads Manager’s reports, at most 1,000, likewise. Of one day of one ad the figures that were pulled last count. See [importing](../guides/importing.md#reports-of-ads-manager).',
    who: 'Signed in.',
    answer:
      '200 `ImportedAnswer`, the body being an `AdImport` of at most 2 MiB; 503 when it is written down and not decided yet.',
  },
  'GET /v1/reports/attribution': {
    says: `Who earned what, ${ATTRIBUTED} \`?by=\` is \`campaign\` (unless told), \`adgroup\`, \`ad\`, \`channel\` or \`day\`. A row’s \`of\` are the parameters that narrow another question to it. What was only viewed stands in \`views\` and in no other figure; Ads Manager’s own figures stand in \`adsManager\` and are added to nothing. See [attribution](../guides/attribution.md).`,
    who: 'Signed in.',
    answer: '200 `AttributionAnswer`; 404 for a statement that is not kept; 503 while attribution is being computed.',
  },
  'GET /v1/reports/attribution.csv': {
    says: 'Its rows as a file; each says what it was computed under.',
    who: 'Signed in.',
    answer: '200 with CSV; 503 while two files are being written.',
  },
  'GET /v1/reports/attribution/conversions': {
    says: 'What a figure is made of, newest first, 50 a page. Asked like the figure, with a row’s `of` among the parameters; `?of=` is `earned` (unless told), `views` or `nobody`, and `?after=` takes `next` of the page before.',
    who: 'Signed in.',
    answer: '200 `CreditedConversionsAnswer`.',
  },
  'GET /v1/reports/attribution/conversions/:conversion': {
    says: 'All touches of the person behind a conversion, each with the sentence why it earned that or nothing, computed again from the facts; and what ties the person’s visitors to each other. Asked with the rules of the figure.',
    who: 'Signed in.',
    answer: '200 `ConversionPathAnswer`; 404 for a number that is no conversion’s.',
  },
  'GET /v1/reports/attribution/shared': {
    says: 'Identifiers that tie nobody, because more visitors than the spec’s `attribution.sharedBy` came with each: how many, and the hundred of most visitors, their values shortened.',
    who: 'Signed in.',
    answer: '200 `SharedIdentifiersAnswer`.',
  },
  'GET /v1/reports/windows': {
    says: 'What each window would credit, side by side, what the shorter ones lose, how long conversions take after a touch, which campaigns change their rank, and what all that is evidence for. `?from=`, `?to=`, `?name=` and `?currency=` as in attribution; days are those of the conversions.',
    who: 'Signed in.',
    answer: '200 `WindowsAnswer`.',
  },
  'GET /v1/reports/funnel': {
    says: 'How many people took each step, by what brought them to the first. `?steps=ViewContent,AddToCart,Purchase` names 2 to 8 events; unless told, those of the spec from top to bottom. `?by=`, `?from=`, `?to=` and the narrowing as in attribution, but for days.',
    who: 'Signed in.',
    answer: '200 `FunnelAnswer`.',
  },
  'POST /v1/sql': {
    says: 'One question in SQL to the warehouse: `{"sql": "SELECT …", "rows": 1000, "ms": 30000}`, the last two at most 10,000 and 60,000. It can only read, and no file. See [SQL and export](../guides/sql-and-export.md).',
    who: 'Signed in.',
    answer: '200 `SqlAnswer`; 422 for what is no single question, and what the engine finds wrong.',
  },
  'GET /v1/marts': {
    says: 'The tables for analysts, with their columns: [all of them](marts.md).',
    who: 'Signed in.',
    answer: '200 `MartsAnswer`.',
  },
  'GET /v1/marts/:mart': {
    says: 'A day’s rows of one, at most 20,000 a page: `?day=2026-11-22`, and `?after=` takes `next` of the page before.',
    who: 'Signed in.',
    answer: '200 `MartPageAnswer`; 404 for a mart that there is not.',
  },
  'GET /v1/settings': {
    says: 'How the server is set up: keys, destinations, listeners, limits, files. No secret is in it.',
    who: 'Signed in.',
    answer: '200 `SettingsAnswer`.',
  },
  'POST /v1/keys': {
    says: 'Makes a key. Its text is in this answer and nowhere else.',
    who: 'Signed in.',
    body: { schema: newKey, note: 'at most 4 KiB' },
    answer: '201 `NewKeyAnswer`.',
  },
  'DELETE /v1/keys/:id': {
    says: 'Ends a key, at once, or with `?grace=24h` later (at most `30d`).',
    who: 'Signed in.',
    answer: '200 `SettingsKey`.',
  },
  'POST /v1/tests': {
    says: 'Opens a test session: until it ends, drafts go to the destination’s Test Events.',
    who: 'Signed in.',
    body: { schema: newTest, note: 'at most 4 KiB' },
    answer: '201 `TestRow`.',
  },
  'DELETE /v1/tests/:destination': {
    says: 'Closes the test session.',
    who: 'Signed in.',
    answer: '200 `TestRow`.',
  },
};

export function httpPage(): string {
  // The routes are only listed: nothing of what they would need is touched.
  const doors = doorRoutes({ config: { secretKeys: [] } } as unknown as DoorParts);
  const admin = adminRoutes({} as unknown as Parameters<typeof adminRoutes>[0]);
  const listed = [...doors, ...admin].filter((route) => route.method !== 'OPTIONS').map(nameOf);
  for (const name of Object.keys(ROUTES))
    if (!listed.includes(name)) throw new Error(`${name} is described and not served`);
  return page('HTTP', 'the routes and schemas of src/server, src/collection and src/api', [
    'Two listeners. Bodies and answers are JSON in UTF-8. Times are ISO 8601 or Unix seconds. Contacts may be plain, and are hashed before they are written down, or SHA-256 in hex.',
    '## Public listener',
    ...doors.filter(isTold).flatMap(routeParts),
    `Preflights are answered at ${doors
      .filter((route) => route.method === 'OPTIONS')
      .map((route) => code(route.path))
      .join(', ')}, for origins that the spec lists.`,
    '## Admin listener',
    'It binds to this machine unless told otherwise. Open the link that the server prints at its start; it works once and signs in for 12 hours. What changes something comes from a page of this address, as `application/json`. Commands on this machine send `Authorization: Bearer` with the token of `operator.json` in the data folder instead.',
    ...admin.flatMap(routeParts),
    'The pages are at `/`, `/live`, `/trace` and `/trace/:id`.',
    '## Answers',
    fenced(
      'ts',
      typesOf('api/wire.ts', [
        ...[
          'Receipt',
          'OrderReceipt',
          'LeadReceipt',
          'ReceiptAnswer',
          'HandoutAnswer',
          'DryRunAnswer',
          'FactDryRunAnswer',
          'LeadDryRunAnswer',
        ],
        ...['CarryReceipt', 'CarryAnswer', 'ProblemAnswer'],
      ]),
    ),
    fenced('ts', typesOf('api/answers.ts')),
    fenced('ts', typesOf('api/books.ts')),
    fenced('ts', typesOf('api/deliveries.ts')),
    fenced('ts', typesOf('api/letters.ts')),
    fenced('ts', typesOf('api/imports.ts')),
    fenced('ts', typesOf('api/attribution.ts')),
    fenced('ts', [...WORDS].map(([file, names]) => typesOf(file, names)).join('\n\n')),
    '## Errors',
    'Every error is `application/problem+json` with the fields of `ProblemAnswer`. Nothing of such a request is taken. Of one that a door refused, size, digest and field names are kept.',
    table(['status', 'code', 'means'], errors()),
  ]);
}

/** Types that the answers use. */
const WORDS: ReadonlyMap<string, string[]> = new Map([
  ['event/ad-report.ts', ['AdLevel', 'AdBasis']],
  ['event/event.ts', ['Leg', 'Verdict', 'Door', 'Consent']],
  ['event/dispatch.ts', ['DispatchState']],
  ['event/key.ts', ['TestRow']],
  ['event/lead.ts', ['LeadStep']],
  ['event/order.ts', ['OrderStatus', 'FactKind']],
  ['event/problem.ts', ['Problem']],
]);

const isTold = (route: Route): boolean => route.method !== 'OPTIONS';
const nameOf = (route: Route): string => `${route.method} ${route.path}`;

function routeParts(route: Route): string[] {
  const told = ROUTES[nameOf(route)];
  if (!told) throw new Error(`${nameOf(route)} is served and not described`);
  const body = told.body;
  return [
    `### ${nameOf(route)}`,
    told.says,
    `- Who: ${told.who}\n- Answer: ${told.answer}`,
    ...(body ? [`Body, ${body.note}:`, table(['field', 'form', 'needed', 'meaning'], fields('', body.schema))] : []),
    ...(body?.types ? [fenced('ts', typesOf('api/wire.ts', body.types))] : []),
  ];
}

/** The parts of a schema that the tables tell of. */
interface Node {
  type?: string;
  const?: unknown;
  maxLength?: number;
  maxItems?: number;
  minimum?: number;
  pattern?: string;
  required?: string[];
  properties?: Record<string, Node>;
  patternProperties?: Record<string, Node>;
  items?: Node;
  anyOf?: Node[];
}

function fields(path: string, schema: TSchema | Node): string[][] {
  const node = schema as Node;
  return Object.entries(node.properties ?? {}).flatMap(([name, child]) => {
    const at = `${path}${name}`;
    const meaning = MEANINGS[at] ?? MEANINGS[name];
    if (meaning === undefined) throw new Error(`${at} has no meaning in http-fields.ts`);
    const row = [code(at), form(child), node.required?.includes(name) ? 'yes' : '', meaning];
    const inside = child.items?.anyOf ?? [child.items ?? child];
    const mark = child.items ? '[].' : '.';
    // The fields of a page's event are those of a server's, which has a table of its own.
    return at === 'events' ? [row] : [row, ...inside.flatMap((part) => fields(`${at}${mark}`, part))];
  });
}

function form(node: Node): string {
  const most = (limit: number | undefined, of: string): string =>
    limit === undefined ? '' : `, at most ${limit}${of}`;
  if (node.const !== undefined) return code(String(node.const));
  if (node.anyOf) return node.anyOf.map(form).join(' or ');
  if (node.items) return `list${most(node.maxItems, '')}`;
  if (node.type === 'string') return `text${most(node.maxLength, ' characters')}`;
  if (node.type === 'integer') return 'whole number';
  return node.type ?? 'any';
}

const EXPORTED_TYPE =
  /^(?:\/\*\*(?:(?!\*\/)[\s\S])*\*\/\n)?export (?:interface (\w+)(?: extends \w+)? \{[\s\S]*?^\}|type (\w+) =[\s\S]*?;$(?=\n\n|\n?$(?![\s\S])))/gm;

/** Exported types of a file as they stand there; all of them unless named. */
function typesOf(file: string, names?: readonly string[]): string {
  const text = readFileSync(join(SRC, file), 'utf8');
  const found = [...text.matchAll(EXPORTED_TYPE)];
  for (const name of names ?? [])
    if (!found.some((match) => (match[1] ?? match[2]) === name)) throw new Error(`${file} has no type ${name}`);
  return found
    .filter((match) => names === undefined || names.includes(match[1] ?? match[2] ?? ''))
    .map((match) => match[0])
    .join('\n\n');
}

/** Every problem that the server can answer with: status and code as its code says them. */
function errors(): string[][] {
  const files = globSync('server/**/*.ts', { cwd: SRC, exclude: ['**/*.test.ts'] });
  const text = files.map((file) => readFileSync(join(SRC, file), 'utf8')).join('\n');
  const found = [...text.matchAll(/problem\(\s*(\d{3}),\s*(?:'(\w+)'|error\.code)/g)].map(
    ([, status = '', name = 'journal_unwritable']) => `${status} ${name}`,
  );
  const unknown = [...new Set([...found, ...Object.keys(ERRORS)])].filter(
    (name) => !found.includes(name) || ERRORS[name] === undefined,
  );
  if (unknown.length > 0) throw new Error(`answered or described, but not both: ${unknown.join(', ')}`);
  return Object.entries(ERRORS).map(([name, says]) => [
    ...name.split(' ').map((part, n) => (n > 0 ? code(part) : part)),
    says,
  ]);
}
