import { readClock } from '../../src/cli/read-clock.ts';
import { readLeadsAsked, readOrdersAsked } from '../../src/server/books/asked.ts';
import { placeText, readLettersAsked } from '../../src/server/letters-asked.ts';
import { type Fuzzed, textParser } from './parser.ts';

const ZONE = 'Europe/Berlin';
const NOW = Date.UTC(2026, 10, 2, 12);
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
  textParser('times on the command line', 10, ['2026-11-01T10:00:00Z', '2026-11-01', '1793527200', '0'], (text) => {
    const at = readClock(text);
    if (at !== undefined && !Number.isSafeInteger(at)) throw new Error(`read as ${at}`);
    return { accepted: at !== undefined };
  }),
];
