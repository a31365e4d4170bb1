import type { ComponentChildren } from 'preact';
import { useMemo } from 'preact/hooks';
import type { AttributionAnswer, AttributionRow } from '../../api/attribution.ts';
import type { MoneyAnswer } from '../../api/books.ts';
import { moneyText } from '../../ui/money.ts';
import { numberText, partText } from '../../ui/number.ts';
import { SortedTable } from '../../ui/sorted-table.tsx';
import type { Column } from '../../ui/table.tsx';
import { ratio, thousandths } from '../decimal.ts';
import { Amount, Conversions } from './amount.tsx';
import { type Asked, addressOf, askedOf, type By, behind, lineKey, questionOf, rowAsks } from './asked.ts';
import type { Figure } from './totals-card.tsx';
import { BYS, daySays } from './words.ts';

interface RowsTableProps {
  answer: AttributionAnswer;
  asked: Asked;
  onSort: (sort: string) => void;
  onOpen: (figure: Figure) => void;
}

/** Who earned what, a line each, beside what Ads Manager says of the same days. */
export function RowsTable({ answer, asked, onSort, onOpen }: RowsTableProps) {
  const { rows } = answer;
  const { by } = answer.asked;
  // Rows that stay are not built again when their order alone changes.
  const question = questionOf(asked);
  const columns = useMemo(() => columnsOf(rows, by, askedOf(question), onOpen), [rows, by, question, onOpen]);
  return (
    <SortedTable
      caption={`Credited conversions by ${BYS.find(([value]) => value === by)?.[1].toLowerCase() ?? by}`}
      columns={columns}
      rows={rows}
      rowKey={rowKey}
      sort={asked.sort || (by === 'day' ? '-name' : '-value')}
      onOrder={onSort}
    />
  );
}

function columnsOf(
  rows: readonly AttributionRow[],
  by: By,
  asked: Asked,
  onOpen: (figure: Figure) => void,
): Column<AttributionRow>[] {
  const title = BYS.find(([value]) => value === by)?.[1] ?? by;
  const figure = (row: AttributionRow): Figure => ({
    says: `Credited to ${rowName(row, by)}`,
    asks: { ...rowAsks(by, row), of: 'earned' },
  });
  const ours: Column<AttributionRow>[] = [
    {
      name: title,
      main: true,
      sort: { id: 'name', of: (row) => (by === 'day' ? row.key : rowName(row, by)) },
      cell: (row) => <RowName row={row} by={by} asked={asked} />,
      sub: (row) => <About row={row} by={by} />,
    },
    {
      name: 'Touches',
      kind: 'number',
      from: 'tablet',
      sort: { id: 'touches', of: ({ touches }) => touches.click + touches.engagedView },
      cell: ({ touches }) => numberText(touches.click + touches.engagedView),
      sub: ({ touches }) => touches.engagedView > 0 && `${numberText(touches.engagedView)} engaged`,
    },
    {
      name: 'Credited',
      kind: 'number',
      sort: { id: 'conversions', of: ({ earned }) => earned.conversions },
      cell: (row) => (
        <Conversions count={row.earned.conversions} of={`of ${rowName(row, by)}`} onOpen={() => onOpen(figure(row))} />
      ),
    },
    {
      name: 'Value',
      kind: 'number',
      sort: { id: 'value', of: ({ earned }) => moneyKey(earned.value) },
      cell: (row) => (
        <Amount
          money={row.earned.value}
          from={row.earned}
          of={`of ${rowName(row, by)}`}
          beside
          onOpen={() => onOpen(figure(row))}
        />
      ),
    },
    {
      name: 'Net',
      kind: 'number',
      from: 'wide',
      sort: { id: 'net', of: ({ earned }) => moneyKey(earned.net) },
      cell: (row) => (
        <Amount
          money={row.earned.net}
          from={row.earned}
          of={`net of ${rowName(row, by)}`}
          beside
          onOpen={() => onOpen(figure(row))}
        />
      ),
    },
  ];
  return rows.some(({ adsManager }) => adsManager) ? [...ours, ...reported] : ours;
}

/** What Ads Manager says; its own attribution has views in it, so it is never added to ours. */
const reported: Column<AttributionRow>[] = [
  {
    name: 'Spend',
    kind: 'number',
    from: 'tablet',
    sort: { id: 'spend', of: ({ adsManager }) => moneyKey(adsManager?.spend) },
    cell: ({ adsManager }) => told(adsManager?.spend),
  },
  {
    name: 'ROAS',
    kind: 'number',
    from: 'tablet',
    sort: { id: 'roas', of: roas },
    cell: (row) => roas(row)?.toFixed(2) ?? '–',
  },
  {
    name: 'Reported',
    kind: 'number',
    from: 'wide',
    sort: { id: 'reported', of: ({ adsManager }) => adsManager?.conversions ?? null },
    cell: ({ adsManager }) => (adsManager ? partText(adsManager.conversions) : '–'),
    sub: ({ adsManager }) => adsManager?.value && moneyText(adsManager.value),
  },
];

/** Rows of one name may come through several channels. */
export function rowKey({ key, of }: Pick<AttributionRow, 'key' | 'of'>): string {
  return `${key} ${lineKey(of)}`;
}

/** What a line is called; a day is told as people write it. */
export function rowName({ key, name }: Pick<AttributionRow, 'key' | 'name'>, by: string): string {
  if (by === 'day') return daySays(key);
  return name || key || 'not known';
}

function RowName({ row, by, asked }: { row: AttributionRow; by: By; asked: Asked }) {
  const to = behind(asked, by, row);
  const name = rowName(row, by);
  return to ? <a href={`/attribution${addressOf(to)}`}>{name}</a> : <bdi>{name}</bdi>;
}

/** Where a line stands: the id behind its name, and its channel. */
function About({ row, by }: { row: AttributionRow; by: By }): ComponentChildren {
  if (by === 'day' || by === 'channel') return null;
  return (
    <>
      {row.channel !== row.name && <span>{row.channel}</span>}{' '}
      {row.key !== '' && row.key !== row.name && <span class="id">{row.key}</span>}
    </>
  );
}

/** Our credited value for each unit of Ads Manager's spend, where both are there in one currency. */
function roas({ earned, adsManager }: AttributionRow): number | null {
  if (!adsManager || adsManager.spend.currency !== earned.value.currency) return null;
  return ratio(earned.value.amount, adsManager.spend.amount) ?? null;
}

function moneyKey(money: MoneyAnswer | null | undefined): bigint | null {
  return (money && thousandths(money.amount)) ?? null;
}

function told(money: MoneyAnswer | null | undefined): string {
  return money ? moneyText(money) : '–';
}
