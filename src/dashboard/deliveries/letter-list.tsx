import { useMemo } from 'preact/hooks';
import type { LetterAnswer } from '../../api/letters.ts';
import { Badge } from '../../ui/badge.tsx';
import { moneyText } from '../../ui/money.ts';
import { countText } from '../../ui/number.ts';
import { type Column, DataTable } from '../../ui/table.tsx';
import { TimeText } from '../../ui/time-text.tsx';
import { KINDS } from './words.ts';

interface LetterListProps {
  letters: readonly LetterAnswer[];
  open: string | undefined;
  picked: ReadonlySet<string>;
  onOpen: (letter: LetterAnswer) => void;
  onPick: (id: string, is: boolean) => void;
}

/** The dead letters; a row opens to what happened, and can be picked for a replay. */
export function LetterList({ letters, open, picked, onOpen, onPick }: LetterListProps) {
  const columns = useMemo(() => columnsOf(picked, onPick), [picked, onPick]);
  return (
    <DataTable
      caption="Dead letters, newest first"
      columns={columns}
      rows={letters}
      rowKey={({ id }) => id}
      open={open}
      onOpen={onOpen}
    />
  );
}

function columnsOf(picked: ReadonlySet<string>, onPick: LetterListProps['onPick']): Column<LetterAnswer>[] {
  return [
    {
      name: 'Pick',
      cell: ({ id, event }) => (
        <label class="pick">
          <input
            type="checkbox"
            aria-label={`Pick ${event} ${id}`}
            checked={picked.has(id)}
            onChange={(change) => onPick(id, change.currentTarget.checked)}
          />
        </label>
      ),
    },
    { name: 'Given up', kind: 'time', from: 'tablet', cell: ({ at }) => <TimeText at={at} as="list" /> },
    {
      name: 'Event',
      main: true,
      cell: ({ event }) => event || 'unnamed',
      sub: (letter) => (
        <>
          {letter.value && <div>{moneyText(letter.value)}</div>}
          <span class="on-phone">
            <TimeText at={letter.at} as="list" />
          </span>
        </>
      ),
    },
    {
      name: 'State',
      kind: 'word',
      cell: ({ kind }) => <Badge is={KINDS[kind]?.badge ?? kind} />,
      sub: ({ replay }) => (replay.allowed ? 'can be replayed' : 'no replay'),
    },
    {
      name: 'Why',
      from: 'tablet',
      cell: ({ why }) => <code>{why}</code>,
      sub: ({ message, code }) => [code !== undefined && `code ${code}`, message].filter(Boolean).join(': '),
    },
    {
      name: 'Destination',
      from: 'wide',
      cell: ({ destination }) => destination,
      sub: ({ attempts, kind }) => kind !== 'record' && countText(attempts, 'attempt'),
    },
  ];
}
