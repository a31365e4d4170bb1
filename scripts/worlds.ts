// Lives through the simulated worlds of attribution and prints how near their credits come to who everybody really is.
//   node scripts/worlds.ts            prints the table
//   node scripts/worlds.ts --write    puts it into docs/attribution-worlds.md
import { readFileSync, writeFileSync } from 'node:fs';
import { memoryWarehouse } from '../src/store/memory/warehouse.ts';
import { figuresOf, figuresTable, type WorldFigures } from '../test/attribution/figures.ts';
import { liveThrough } from '../test/attribution/world-run.ts';
import { SEEDS, WORLDS_PAGE, withTable } from '../test/attribution/worlds-page.ts';

const worlds: WorldFigures[] = [];
for (let seed = 0; seed < SEEDS; seed++) {
  worlds.push(figuresOf(await liveThrough(seed, memoryWarehouse())));
  if (process.stderr.isTTY) process.stderr.write(`\rworld ${seed + 1} of ${SEEDS}`);
}
if (process.stderr.isTTY) process.stderr.write('\n');
const table = figuresTable(worlds);
if (process.argv.includes('--write')) writeFileSync(WORLDS_PAGE, withTable(readFileSync(WORLDS_PAGE, 'utf8'), table));
else console.log(table);
