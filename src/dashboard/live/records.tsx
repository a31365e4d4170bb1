import type { LiveRow } from '../../api/answers.ts';
import { Badge } from '../../ui/badge.tsx';
import { Empty } from '../../ui/notes.tsx';
import { countText } from '../../ui/number.ts';
import { type Column, DataTable } from '../../ui/table.tsx';
import { TimeText } from '../../ui/time-text.tsx';
import { type Filter, NO_FILTER } from './filter.ts';
import { ROWS_MAX } from './list.ts';
import { nameOf } from './words.ts';

const columns: Column<LiveRow>[] = [
  { name: 'Received', kind: 'time', cell: (row) => <TimeText at={row.receivedAt} /> },
  {
    name: 'Event',
    main: true,
    cell: (row) => (
      <>
        {nameOf(row)} {row.draft && <Badge is="draft" />}
      </>
    ),
    sub: (row) => <span class="on-phone">{[row.value, row.door].filter(Boolean).join(', ')}</span>,
  },
  {
    name: 'Verdict',
    cell: (row) => <Badge is={row.verdict} />,
    sub: (row) => <code class="not-wide">{row.reasons.join(', ')}</code>,
  },
  {
    name: 'Reason',
    from: 'wide',
    kind: 'word',
    cell: ({ reasons: [first, ...notes] }) => (
      <>
        <code>{first}</code> {notes.length > 0 && <span class="quiet">+{notes.length}</span>}
      </>
    ),
  },
  { name: 'Door', from: 'tablet', kind: 'word', cell: (row) => row.door },
  {
    name: 'Id',
    from: 'wide',
    kind: 'id',
    cell: (row) => row.orderId ?? row.leadId ?? row.eventId ?? row.visitor ?? `${row.seq}`,
  },
  { name: 'Value', from: 'tablet', kind: 'number', cell: (row) => row.value },
];

export interface RecordsProps {
  rows: readonly LiveRow[];
  /** how many there are to filter */
  arrived: number;
  /** nothing has been heard from the server yet */
  waits: boolean;
  onFilter: (filter: Filter) => void;
  open: number | undefined;
  onOpen: (row: LiveRow) => void;
}

/** The list of records, or why it is empty. */
export function Records({ rows, arrived, waits, onFilter, open, onOpen }: RecordsProps) {
  if (arrived === 0 && waits) return <p class="empty">Waiting for the first records.</p>;
  if (arrived === 0)
    return (
      <Empty title="Nothing has arrived yet">
        Send an event through any door and it appears here. To see the page at work, run <code>assay demo</code>.
      </Empty>
    );
  if (rows.length === 0)
    return (
      <Empty title="No record matches">
        None of the {countText(arrived, 'record')} on this page passes the filters.
        <span class="actions">
          <button type="button" class="button" onClick={() => onFilter(NO_FILTER)}>
            Clear filters
          </button>
        </span>
      </Empty>
    );
  return (
    <>
      <DataTable
        caption="Records, newest first"
        columns={columns}
        rows={rows}
        rowKey={(row) => row.seq}
        open={open}
        onOpen={onOpen}
      />
      <p class="card-foot">
        {rows.length === arrived ? countText(arrived, 'record') : `${rows.length} of ${countText(arrived, 'record')}`}{' '}
        on this page, which keeps the newest {ROWS_MAX}.
      </p>
    </>
  );
}
