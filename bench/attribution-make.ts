// Makes the rows of one run: columns for the ceiling, and a file of tables for the peers.
import { join } from 'node:path';
import { type DataOrder, makeData, writeData } from './attribution-data.ts';
import { writeTables } from './attribution-tables.ts';

const [folder = '', order = '{}'] = process.argv.slice(2);
const data = makeData(JSON.parse(order) as DataOrder);
writeData(join(folder, 'columns'), data);
await writeTables(join(folder, 'tables.duckdb'), data);
console.log(JSON.stringify({ visitors: data.person.length }));
