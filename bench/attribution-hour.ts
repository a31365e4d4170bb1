// Hours of news one after the other, over all that was there before: each is taken in and credited, its facts are committed, and
// then its credits, which the program commits together with the facts.
import { join } from 'node:path';
import { Book } from '../src/attribution/book/book.ts';
import { HOUR } from '../src/event/time.ts';
import { openWarehouse } from '../src/store/duckdb/warehouse.ts';
import { noFacts } from '../src/store/warehouse.ts';
import { CREATIVES, readData, SPAN_MS, START } from './attribution-data.ts';
import { bookIn, CHANGE, conversionFact, STATEMENT, touchFact, visitorName } from './attribution-store.ts';
import { median } from './result.ts';

const [folder = '', count = '1'] = process.argv.slice(2);
const { person, touch, conversionAt } = readData(join(folder, 'columns'));
const visitors = person.length;
const hours = SPAN_MS / HOUR;
const [touches, conversions] = [Math.round(touch.length / hours), Math.round(conversionAt.length / hours)];
const warehouse = await openWarehouse(folder);
const book = await Book.open(warehouse, bookIn(folder));
await book.recall();
book.stand(STATEMENT);

const found: { ms: number; allMs: number }[] = [];
let number = touch.length + conversionAt.length;
for (let hour = 0; hour < Number(count); hour++) {
  const from = START + SPAN_MS + hour * HOUR;
  const change = CHANGE + hour + 1;
  const facts = {
    ...noFacts(),
    touches: Array.from({ length: touches }, (_, n) => {
      const kind = n % 5 < 2 ? 'click' : 'view';
      return touchFact(++number, from + Math.floor((n * HOUR) / touches), kind, someone(number), number % CREATIVES);
    }),
    conversions: Array.from({ length: conversions }, (_, n) =>
      conversionFact(++number, from + Math.floor((n * HOUR) / conversions), someone(number)),
    ),
  };
  const marks = [performance.now()];
  book.take({ ...facts, touchesBefore: [], goneConversions: [], unlinks: [] });
  const { people, shared, credits } = book.settle({ asOf: from + HOUR, change });
  marks.push(performance.now());
  const place = { change, offset: number, credited: change };
  await warehouse.commit({ ...facts, people, ...(shared && { shared }) }, place);
  marks.push(performance.now());
  await warehouse.commit(noFacts(), place, credits);
  marks.push(performance.now());
  const [credit = 0, write = 0, store = 0] = marks.slice(1).map((at, n) => at - (marks[n] as number));
  found.push({ ms: credit + store, allMs: credit + write + store });
}
await warehouse.close();
const ms = found.map((hour) => hour.ms);
const told = { ms: median(ms), high: Math.max(...ms), allMs: median(found.map(({ allMs }) => allMs)) };
console.log(JSON.stringify({ touches, conversions, ...told }));

/** One of those who were there before. */
function someone(n: number): string {
  return visitorName((Math.imul(n, 2654435761) >>> 0) % visitors);
}
