// Writes src/event/currencies.ts from the ISO 4217 list in test/data. Run by hand after a new list.
import { readFileSync, writeFileSync } from 'node:fs';

interface Entry {
  code: string;
  minor_unit: number | null;
}
const list = JSON.parse(readFileSync('test/data/iso4217.json', 'utf8')) as { active: Entry[] };
const lines = list.active
  .filter((entry) => entry.minor_unit !== null)
  .map((entry) => `  ${entry.code}: ${entry.minor_unit},`)
  .sort((a, b) => (a < b ? -1 : 1));
writeFileSync(
  'src/event/currencies.ts',
  `// Written by scripts/currencies.ts from ISO 4217 (datasets/currency-codes, ODC-PDDL-1.0).\n/** Digits after the decimal point of every active currency that has minor units. */\nexport const CURRENCY_EXPONENTS: Readonly<Record<string, number>> = {\n${lines.join('\n')}\n};\n`,
);
