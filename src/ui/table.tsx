import type { ComponentChildren } from 'preact';
import { useMemo, useRef, useState } from 'preact/hooks';
import type { Sortable, Sorting } from './sort.ts';

export interface Column<Row> {
  name: string;
  cell(row: Row): ComponentChildren;
  /** a second, quiet line */
  sub?(row: Row): ComponentChildren;
  kind?: 'number' | 'time' | 'id' | 'word';
  /** shown only where the table is at least this wide */
  from?: 'tablet' | 'wide';
  /** names the row, and opens it */
  main?: true;
  /** rows can be put in order by this, under a name that stands in addresses */
  sort?: { id: string; of(row: Row): Sortable };
}

export interface TableProps<Row> {
  caption: string;
  columns: readonly Column<Row>[];
  rows: readonly Row[];
  rowKey(row: Row): string | number;
  open?: string | number | undefined;
  onOpen?: (row: Row) => void;
  /** the order that the rows are in, for columns that can be sorted by */
  sorting?: Sorting;
  onSort?: (by: string) => void;
}

/** A table; with `onOpen` its rows open by click and Enter, and arrows, Home and End move between them. */
export function DataTable<Row>(props: TableProps<Row>) {
  const { columns, rows, rowKey, open, onOpen, sorting, onSort } = props;
  const body = useRef<HTMLTableSectionElement>(null);
  const [focused, setFocused] = useState<string | number | undefined>(undefined);
  const stop = rows.some((row) => rowKey(row) === focused) ? focused : rows[0] && rowKey(rows[0]);

  return (
    <div class="table-box">
      <table class="table">
        <caption class="hidden">{props.caption}</caption>
        <thead>
          <tr>
            {columns.map((column) => (
              <ColumnHead key={column.name} column={column} sorting={sorting} onSort={onSort} />
            ))}
          </tr>
        </thead>
        <tbody ref={body} onKeyDown={onOpen && ((event) => move(event, body.current))}>
          {rows.map((row) => {
            const key = rowKey(row);
            return (
              <TableRow
                key={key}
                row={row}
                columns={columns}
                open={key === open}
                stop={key === stop}
                onOpen={onOpen}
                onFocus={() => setFocused(key)}
              />
            );
          })}
        </tbody>
      </table>
    </div>
  );
}

interface HeadProps<Row> {
  column: Column<Row>;
  sorting: Sorting | undefined;
  onSort: ((by: string) => void) | undefined;
}

function ColumnHead<Row>({ column, sorting, onSort }: HeadProps<Row>) {
  const { name, sort } = column;
  const here = sort && sorting?.by === sort.id ? (sorting.down ? 'descending' : 'ascending') : undefined;
  return (
    <th scope="col" class={classOf(column)} aria-sort={here}>
      {sort && onSort ? (
        <button type="button" class="sort" onClick={() => onSort(sort.id)}>
          {name}
        </button>
      ) : (
        name
      )}
    </th>
  );
}

interface RowProps<Row> {
  row: Row;
  columns: readonly Column<Row>[];
  open: boolean;
  stop: boolean;
  onOpen: ((row: Row) => void) | undefined;
  onFocus: () => void;
}

// The button in the row is its keyboard way; the row itself only widens what a pointer can hit.
// A list of 500 rows changes at its top twice a second: rows that stay are not built again.
function TableRow<Row>({ row, columns, open, stop, onOpen, onFocus }: RowProps<Row>) {
  // onFocus closes over the row's key alone, so it is no dependency.
  return useMemo(() => {
    const opens = onOpen && (() => onOpen(row));
    return (
      <tr onClick={opens && ((event) => isForRow(event) && opens())} aria-current={open ? 'true' : undefined}>
        {columns.map((column) => {
          const content = column.cell(row);
          const sub = column.sub?.(row);
          return (
            <td key={column.name} class={classOf(column)}>
              {column.main && opens ? (
                <button type="button" class="row-open" tabIndex={stop ? 0 : -1} onFocus={onFocus}>
                  {content}
                </button>
              ) : (
                content
              )}
              {sub && <span class="sub">{sub}</span>}
            </td>
          );
        })}
      </tr>
    );
  }, [row, columns, open, stop, onOpen]);
}

/** A box, a link or a figure in the row has a click of its own. */
function isForRow({ target }: Event): boolean {
  return !(target instanceof Element && target.closest('label, a, .figure-link'));
}

function classOf(column: { kind?: string; from?: string; main?: true }): string | undefined {
  return (
    [column.kind, column.main && 'name', column.from && `from-${column.from}`].filter(Boolean).join(' ') || undefined
  );
}

function move(event: KeyboardEvent, body: HTMLElement | null): void {
  const buttons = [...(body?.querySelectorAll<HTMLElement>('.row-open') ?? [])];
  const at = document.activeElement instanceof HTMLElement ? buttons.indexOf(document.activeElement) : -1;
  const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: buttons.length - 1 }[event.key];
  if (at < 0 || to === undefined) return;
  event.preventDefault();
  buttons[to]?.focus();
}
