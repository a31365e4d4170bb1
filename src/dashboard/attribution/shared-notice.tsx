import type { SharedIdentifiersAnswer } from '../../api/attribution.ts';
import { countText, numberText } from '../../ui/number.ts';
import { type Column, DataTable } from '../../ui/table.tsx';
import { useBooks } from '../books/use-books.ts';

type Shared = SharedIdentifiersAnswer['identifiers'][number];

/** Identifiers that too many visitors came with: how many, and which. Nothing where there are none. */
export function SharedNotice() {
  const { answer } = useBooks<SharedIdentifiersAnswer>('/v1/reports/attribution/shared');
  if (!answer || answer.count === 0) return null;
  const { count, sharedBy, identifiers } = answer;
  return (
    <details class="note" data-is="warn">
      <summary>
        <b>{countText(count, 'identifier')}</b> {count === 1 ? 'ties' : 'tie'} nobody: more than {numberText(sharedBy)}{' '}
        visitors came with {count === 1 ? 'it' : 'each'}
      </summary>
      <p>
        A shop’s tablet or a test address would make one person of strangers, and credit each with the others’ touches.
        The spec’s <code>attribution.sharedBy</code> says how many visitors are too many.
      </p>
      <DataTable
        caption="Identifiers that tie nobody"
        columns={columns}
        rows={identifiers}
        rowKey={({ kind, value }) => `${kind} ${value}`}
      />
      {count > identifiers.length && <p>Those of most visitors, of {numberText(count)}.</p>}
    </details>
  );
}

const columns: Column<Shared>[] = [
  { name: 'Identifier', main: true, cell: ({ value }) => <code>{value}</code> },
  { name: 'Kind', kind: 'word', cell: ({ kind }) => kind },
  { name: 'Visitors', kind: 'number', cell: ({ visitors }) => numberText(visitors) },
];
