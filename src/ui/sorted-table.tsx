import { useMemo, useState } from 'preact/hooks';
import { numberText } from './number.ts';
import { nextSorting, sortingOf, sortingText, sortRows } from './sort.ts';
import { DataTable, type TableProps } from './table.tsx';

interface SortedTableProps<Row> extends Omit<TableProps<Row>, 'sorting' | 'onSort'> {
  /** such as `-value`; a column that is not there leaves the rows as they came */
  sort?: string;
  onOrder?: (sort: string) => void;
  /** rows that are built at first, and with each wish for more: a thousand at once hold up the page */
  pageRows?: number;
}

/** A table whose columns put it in order, which is built a page of rows at a time. */
export function SortedTable<Row>({ sort = '', onOrder, pageRows = 100, rows, ...table }: SortedTableProps<Row>) {
  const { columns } = table;
  const [shown, setShown] = useState(pageRows);
  const { by, down } = sortingOf(sort);
  const inOrder = useMemo(() => {
    const column = columns.find((one) => one.sort?.id === by);
    return column?.sort ? sortRows(rows, column.sort.of, down) : rows;
  }, [rows, columns, by, down]);
  return (
    <>
      <DataTable
        {...table}
        rows={inOrder.slice(0, shown)}
        sorting={{ by, down }}
        {...(onOrder && { onSort: (next) => onOrder(sortingText(nextSorting({ by, down }, next))) })}
      />
      {shown < rows.length && (
        <div class="card-foot row between">
          <span role="status">
            {numberText(shown)} of {numberText(rows.length)} rows are shown
          </span>
          <button type="button" class="button" onClick={() => setShown(shown + pageRows)}>
            Show more
          </button>
        </div>
      )}
    </>
  );
}
