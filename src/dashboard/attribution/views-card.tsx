import type { AttributionAnswer, AttributionRow } from '../../api/attribution.ts';
import { moneyText } from '../../ui/money.ts';
import { numberText, partText } from '../../ui/number.ts';
import { SortedTable } from '../../ui/sorted-table.tsx';
import type { Column } from '../../ui/table.tsx';
import { TimeText } from '../../ui/time-text.tsx';
import { Conversions } from './amount.tsx';
import { type By, rowAsks } from './asked.ts';
import { rowKey, rowName } from './rows-table.tsx';
import type { Figure } from './totals-card.tsx';

/** It stands below a table of its own size, and both are built at once. */
const PAGE_ROWS = 25;

/** View-through, apart from all other credit: ours of persons, and Ads Manager's of its own count. */
export function ViewsCard({ answer, onOpen }: { answer: AttributionAnswer; onOpen: (figure: Figure) => void }) {
  const { by } = answer.asked;
  const { marketing, finance } = answer.viewThrough;
  const rows = answer.rows.filter(seen);
  return (
    <section class="card flush" aria-label="View-through">
      <div class="card-head">
        <h2>View-through, apart</h2>
        <span class="quiet">in no figure above</span>
      </div>
      <p class="card-body">
        <b>By persons</b> are conversions of people who are known to have seen an ad and had no click or engaged view in
        its window; the marketing book weighs them by {numberText(marketing)}, finance by {numberText(finance)}.{' '}
        <b>Reported</b> is what Ads Manager says of the same days: TikTok’s own count by its own windows, which names no
        persons and is added to nothing.
      </p>
      {rows.length > 0 ? (
        <SortedTable
          caption="View-through by persons, and as Ads Manager reports it"
          columns={columnsOf(by, onOpen)}
          rows={rows}
          rowKey={rowKey}
          pageRows={PAGE_ROWS}
        />
      ) : (
        <p class="card-foot">
          Nobody’s view is known in this time, and no row of Ads Manager was imported for it. <code>assay import</code>{' '}
          reads its reports.
        </p>
      )}
    </section>
  );
}

function columnsOf(by: By, onOpen: (figure: Figure) => void): Column<AttributionRow>[] {
  return [
    { name: 'Of', main: true, cell: (row) => <bdi>{rowName(row, by)}</bdi>, sub: pulled },
    {
      name: 'Views',
      kind: 'number',
      from: 'tablet',
      cell: ({ touches }) => numberText(touches.view),
    },
    {
      name: 'By persons',
      kind: 'number',
      cell: (row) => (
        <Conversions
          count={row.views.conversions}
          of={`only viewed, of ${rowName(row, by)}`}
          onOpen={() =>
            onOpen({ says: `Only viewed, of ${rowName(row, by)}`, asks: { ...rowAsks(by, row), of: 'views' } })
          }
        />
      ),
      sub: ({ views }) => views.conversions > 0 && moneyText(views.value),
    },
    { name: 'Reported: view', kind: 'number', cell: (row) => aggregate(row, 'viewConversions') },
    {
      name: 'Reported: engaged',
      kind: 'number',
      from: 'tablet',
      cell: (row) => aggregate(row, 'engagedViewConversions'),
    },
    { name: 'Reported: click', kind: 'number', from: 'tablet', cell: (row) => aggregate(row, 'clickConversions') },
    {
      name: 'Impressions',
      kind: 'number',
      from: 'wide',
      cell: ({ adsManager }) => (adsManager ? numberText(adsManager.impressions) : '–'),
      sub: ({ adsManager }) => adsManager && `${numberText(adsManager.clicks)} clicks`,
    },
  ];
}

function seen({ views, touches, adsManager }: AttributionRow): boolean {
  return views.conversions > 0 || touches.view > 0 || adsManager !== null;
}

function aggregate(
  { adsManager }: AttributionRow,
  of: 'viewConversions' | 'engagedViewConversions' | 'clickConversions',
): string {
  const count = adsManager?.[of] ?? null;
  return count === null ? '–' : partText(count);
}

function pulled({ adsManager }: AttributionRow) {
  return (
    adsManager && (
      <>
        Ads Manager as of <TimeText at={adsManager.pulledAt} as="list" />
      </>
    )
  );
}
