// From stored touches to stored credits: the book is read from its columns, credits everybody, and the warehouse commits. Then
// the same credits once more as the peers store theirs, a conversion and a touch, for what the rest of a row costs.
import { join } from 'node:path';
import { BIGINT, DuckDBInstance } from '@duckdb/node-api';
import { Book } from '../src/attribution/book/book.ts';
import { appendColumns } from '../src/store/duckdb/chunks.ts';
import { WAREHOUSE_FILE, WAREHOUSE_FOLDER } from '../src/store/duckdb/files.ts';
import { openWarehouse } from '../src/store/duckdb/warehouse.ts';
import { noFacts } from '../src/store/warehouse.ts';
import { bookIn, CHANGE, STATEMENT } from './attribution-store.ts';

const [folder = ''] = process.argv.slice(2);
const warehouse = await openWarehouse(folder);
const marks = [performance.now()];
const book = await Book.open(warehouse, bookIn(folder));
marks.push(performance.now());
const write = book.all(STATEMENT);
marks.push(performance.now());
await warehouse.commit(noFacts(), { ...(await warehouse.place()), credited: CHANGE }, write);
marks.push(performance.now());
const peakBytes = process.resourceUsage().maxRSS * 1024;
await warehouse.close();

const [load = 0, pass = 0, store = 0] = marks.slice(1).map((at, n) => (at - (marks[n] as number)) / 1000);
const instance = await DuckDBInstance.create(join(folder, WAREHOUSE_FOLDER, WAREHOUSE_FILE));
const db = await instance.connect();
const [check] = (
  await db.runAndReadAll(`SELECT count(*)::DOUBLE AS credited, sum(touch)::DOUBLE AS touches,
    sum(touch * ((conversion - 1) % 7))::DOUBLE AS pairs FROM credit WHERE statement = 1 AND touch <> 0`)
).getRowObjects();
const begin = performance.now();
await db.run('BEGIN TRANSACTION');
await db.run('CREATE TABLE pair (conversion BIGINT, touch BIGINT)');
const pairs = [write.credits.conversion, write.credits.touch].map((values) => ({
  type: BIGINT,
  values,
  whole: true as const,
}));
await appendColumns(db, { name: 'pair' }, pairs, write.credits.conversion.length);
await db.run('COMMIT');
const pairSeconds = (performance.now() - begin) / 1000;
await db.run('DROP TABLE pair');
const told = { seconds: load + pass + store, loadSeconds: load, passSeconds: pass, storeSeconds: store, pairSeconds };
console.log(JSON.stringify({ ...told, check, peakBytes }));
instance.closeSync();
