import type { AttributionAnswer, AttributionRow } from '../../api/attribution.ts';
import { type Cell, csvRow } from '../books/csv.ts';

type Column = readonly [name: string, cell: (row: AttributionRow, answer: Omit<AttributionAnswer, 'markers'>) => Cell];

const text = (value: string | null | undefined): Cell => ({ text: value ?? null });
const number = (value: number | string | null | undefined): Cell => ({ number: value ?? null });

const COLUMNS: readonly Column[] = [
  ['key', ({ key }) => text(key)],
  ['name', ({ name }) => text(name)],
  ['channel', ({ channel }) => text(channel)],
  ['campaign', ({ campaign }) => text(campaign)],
  ['adgroup', ({ adgroup }) => text(adgroup)],
  ['ad', ({ ad }) => text(ad)],
  ['clicks', ({ touches }) => number(touches.click)],
  ['engaged_views', ({ touches }) => number(touches.engagedView)],
  ['views', ({ touches }) => number(touches.view)],
  ['conversions', ({ earned }) => number(earned.conversions)],
  ['value', ({ earned }) => number(earned.value.amount)],
  ['net', ({ earned }) => number(earned.net.amount)],
  ['view_conversions', ({ views }) => number(views.conversions)],
  ['view_value', ({ views }) => number(views.value.amount)],
  ['view_net', ({ views }) => number(views.net.amount)],
  ['currency', (_, { asked }) => text(asked.currency)],
  ['ads_basis', ({ adsManager }) => text(adsManager?.basis)],
  ['ads_spend', ({ adsManager }) => number(adsManager?.spend.amount)],
  ['ads_currency', ({ adsManager }) => text(adsManager?.spend.currency)],
  ['ads_impressions', ({ adsManager }) => number(adsManager?.impressions)],
  ['ads_clicks', ({ adsManager }) => number(adsManager?.clicks)],
  ['ads_conversions', ({ adsManager }) => number(adsManager?.conversions)],
  ['ads_value', ({ adsManager }) => number(adsManager?.value?.amount)],
  ['ads_view_conversions', ({ adsManager }) => number(adsManager?.viewConversions)],
  // A file is passed on without the page it came from: so each row says what it was computed under.
  ['from', (_, { asked }) => text(asked.from)],
  ['to', (_, { asked }) => text(asked.to)],
  ['basis', (_, { asked }) => text(asked.basis)],
  ['model', (_, { statement }) => text(statement.model)],
  ['click_window', (_, { statement }) => text(statement.windows.click)],
  ['engaged_view_window', (_, { statement }) => text(statement.windows.engagedView)],
  ['view_window', (_, { statement }) => text(statement.windows.view)],
  ['count', (_, { statement }) => text(statement.count)],
  ['spec_version', (_, { statement }) => number(statement.specVersion)],
  ['timezone', (_, { statement }) => text(statement.timezone)],
  ['as_of', (_, { asOf }) => number(new Date(asOf).toISOString())],
];

/** The table of a report, one row a line. */
export async function* attributionFile(answer: Omit<AttributionAnswer, 'markers'>): AsyncGenerator<string> {
  yield csvRow(COLUMNS.map(([name]) => text(name)));
  yield answer.rows.map((row) => csvRow(COLUMNS.map(([, cell]) => cell(row, answer)))).join('');
}
