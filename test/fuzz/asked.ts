import { readClock } from '../../src/cli/read-clock.ts';
import { readLeadsAsked, readOrdersAsked } from '../../src/server/books/asked.ts';
import { placeText, readLettersAsked } from '../../src/server/letters-asked.ts';
import { readAttributionAsked } from '../../src/server/reports/asked.ts';
import { readPlace } from '../../src/server/reports/credited.ts';
import { readFunnelAsked } from '../../src/server/reports/funnel.ts';
import { readSqlAsked } from '../../src/server/reports/sql.ts';
import { readWindowsAsked } from '../../src/server/reports/windows.ts';
import { DEFAULT_TRACKING_YAML } from '../../src/spec/default-text.ts';
import { parseSpec } from '../../src/spec/parse.ts';
import type { Spec } from '../../src/spec/spec.ts';
import { type Fuzzed, textParser } from './parser.ts';

const ZONE = 'Europe/Berlin';
const NOW = Date.UTC(2026, 10, 2, 12);
const SPEC = builtIn();
const LETTER = placeText({ at: 1_785_585_600_000, seq: 7, destination: 'main' });

/** What operators ask the lists of, and write as times. */
export const ASKED: readonly Fuzzed[] = [
  textParser(
    'questions to the lists',
    20,
    [
      `kind=dead&destination=main&why=refused_by_tiktok&code=40002&event=Purchase&money=true&from=2026-11-01&to=2026-11-02T10:00:00Z&after=${LETTER}&limit=10`,
      'status=paid&order_id=100&currency=EUR&session=lost&from=2026-11-01&to=2026-11-02&limit=200',
      'status=new&lead_id=L&from=2026-11-01&limit=1',
    ],
    (text) => {
      const query = new URLSearchParams(text);
      const all = [
        ...[readLettersAsked, readOrdersAsked].map((read) => read(query, 'page', ZONE)),
        readLeadsAsked(query, 'page', ZONE, NOW),
      ];
      for (const one of all)
        if (one.ok && !(one.value.limit >= 1 && one.value.limit <= 200))
          throw new Error(`a page of ${one.value.limit}`);
      return { accepted: all.some(({ ok }) => ok) };
    },
  ),
  textParser(
    'questions to attribution',
    20,
    [
      'from=2026-10-01&to=2026-11-01&by=ad&model=linear&click=28d&view=off&basis=touch&name=Purchase,Lead&currency=EUR',
      'statement=3&channel=tiktok%20/%20paid&campaign=1789&adgroup=&of=nobody&after=1793527200000-11-2',
      'steps=ViewContent,Purchase&by=channel&from=2026-10-01',
    ],
    (text) => {
      const query = new URLSearchParams(text);
      const [figures, windows, funnel] = [
        readAttributionAsked(query, SPEC, NOW, ['of', 'after']),
        readWindowsAsked(query, SPEC, NOW),
        readFunnelAsked(query, SPEC, NOW),
      ];
      for (const one of [figures, windows, funnel])
        if (one.ok && !(one.value.first <= one.value.last && one.value.last - one.value.first < 400))
          throw new Error(`days ${one.value.first} to ${one.value.last}`);
      const place = readPlace(query.get('after') ?? '');
      if (place && !Object.values(place).every(Number.isSafeInteger)) throw new Error(JSON.stringify(place));
      return { accepted: figures.ok || windows.ok || funnel.ok };
    },
  ),
  textParser('bodies of SQL', 10, ['{"sql":"SELECT 1","rows":5,"ms":1000}', '{"sql":""}'], (text) => {
    const asked = readSqlAsked(Buffer.from(text));
    if (asked.ok && !(asked.value.rowsMax <= 10_000 && asked.value.msMax <= 60_000)) throw new Error('no bounds');
    return { accepted: asked.ok };
  }),
  textParser('times on the command line', 10, ['2026-11-01T10:00:00Z', '2026-11-01', '1793527200', '0'], (text) => {
    const at = readClock(text);
    if (at !== undefined && !Number.isSafeInteger(at)) throw new Error(`read as ${at}`);
    return { accepted: at !== undefined };
  }),
];

function builtIn(): Spec {
  const parsed = parseSpec(DEFAULT_TRACKING_YAML);
  if (!parsed.ok) throw new Error('the built-in spec can’t be read');
  return parsed.value;
}
