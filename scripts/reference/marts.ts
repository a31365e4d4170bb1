import { MART_TYPES } from '../../src/store/duckdb/marts.ts';
import { MARTS } from '../../src/store/marts.ts';
import { code, page, table } from './markdown.ts';

export function martsPage(): string {
  const parts = MARTS.flatMap(({ name, says, columns }) => [
    `## mart_${name}`,
    says,
    table(
      ['column', 'type', 'may be null', 'means'],
      columns.map(({ name: column, type, nullable, says: means }) => [
        code(column),
        MART_TYPES[type],
        nullable ? 'yes' : '',
        `${means.charAt(0).toUpperCase()}${means.slice(1)}.`,
      ]),
    ),
  ]);
  return page('Marts', 'MARTS in src/store/marts.ts', [
    'Tables for analysts: `assay sql` asks them, and `assay export` writes them as Parquet or CSV. These columns stay as they are; the tables behind them may change with any version. Times are UTC. Money is in major units, exact to the last digit, beside its currency.',
    ...parts,
  ]);
}
