import { useMemo } from 'preact/hooks';
import type { WindowsAnswer } from '../../../api/attribution.ts';
import { type Column, DataTable } from '../../../ui/table.tsx';
import { extremes } from './places.ts';
import { shortNames } from './windows-words.ts';

type Row = WindowsAnswer['ranks'][number];

/** Campaigns whose place by value depends on the window. */
export function RanksCard({ answer: { ranks, windows } }: { answer: WindowsAnswer }) {
  const columns = useMemo(() => columnsOf(windows), [windows]);
  return (
    <section class="card flush" aria-label="Ranks">
      <div class="card-head">
        <h2>Campaigns that change places</h2>
        <span class="quiet">by value, with the window that puts them there</span>
      </div>
      {ranks.length === 0 ? (
        <p class="card-body">Every campaign has the same place under each of these windows.</p>
      ) : (
        <DataTable
          caption="Places of campaigns by window"
          columns={columns}
          rows={ranks}
          rowKey={({ key, channel }) => `${key} ${channel}`}
        />
      )}
    </section>
  );
}

function columnsOf(windows: WindowsAnswer['windows']): Column<Row>[] {
  const names = shortNames(windows);
  const standing = windows.findIndex((one) => one.standing);
  const extreme = (name: string, which: 'best' | 'worst'): Column<Row> => ({
    name,
    kind: 'number',
    cell: ({ places }) => extremes(places, standing)[which].place ?? 'none',
    sub: ({ places }) => names[extremes(places, standing)[which].window],
  });
  return [
    {
      name: 'Campaign',
      main: true,
      cell: ({ name, key }) => <bdi>{name || key || 'not known'}</bdi>,
      sub: ({ name, channel, isClear }) => (
        <>
          {channel !== name && <div>{channel}</div>}
          {isClear ? 'differs by more than chance' : 'may be chance'}
        </>
      ),
    },
    {
      name: 'The spec’s',
      kind: 'number',
      cell: ({ places }) => extremes(places, standing).spec ?? 'none',
    },
    extreme('Highest', 'best'),
    extreme('Lowest', 'worst'),
  ];
}
