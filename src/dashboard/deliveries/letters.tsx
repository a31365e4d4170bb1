import type { ComponentChildren } from 'preact';
import { useCallback, useState } from 'preact/hooks';
import type { LetterAnswer, LettersAnswer } from '../../api/letters.ts';
import { Empty, Loading } from '../../ui/notes.tsx';
import { countText, numberText } from '../../ui/number.ts';
import { DetailPanel } from '../../ui/panel.tsx';
import { ListFoot } from '../books/list-foot.tsx';
import type { Books } from '../books/use-books.ts';
import { FailureNote } from '../failure-note.tsx';
import { fileQueryOf, type LettersFilter, NO_FILTER, narrows, whereOf } from './asked.ts';
import { LetterDetail } from './letter-detail.tsx';
import { LetterFilters } from './letter-filters.tsx';
import { LetterList } from './letter-list.tsx';
import type { Wanted } from './replay.ts';
import { Replay } from './replay-view.tsx';

export const LETTERS = '/v1/reports/letters';

interface LettersProps {
  books: Books<LettersAnswer>;
  filter: LettersFilter;
  onChange: (part: Partial<LettersFilter>, how: 'step' | 'typing') => void;
  /** a replay has changed what waits, and what is dead */
  onDone: () => void;
}

/** What was given up or quarantined: a list to narrow, letters that open, and replays of one, some or all of them. */
export function Letters({ books, filter, onChange, onDone }: LettersProps) {
  const { answer, failure, loading, again } = books;
  const [open, setOpen] = useState<LetterAnswer | undefined>(undefined);
  const [picked, setPicked] = useState<ReadonlySet<string>>(new Set());
  const [replay, setReplay] = useState<{ wanted: Wanted; says: string } | undefined>(undefined);
  const pick = useCallback(
    (id: string, is: boolean) =>
      setPicked((before) => new Set(is ? [...before, id] : [...before].filter((other) => other !== id))),
    [],
  );
  const opened = open && (answer?.letters.find(({ id }) => id === open.id) ?? open);
  const change = (part: Partial<LettersFilter>, how: 'step' | 'typing') => {
    setPicked(new Set());
    setReplay(undefined);
    onChange(part, how);
  };
  const done = () => {
    setPicked(new Set());
    onDone();
  };

  return (
    <div class="split">
      <section class="card flush" id="letters" aria-label="Dead letters" aria-busy={loading}>
        <div class="card-head">
          <h2>Dead letters</h2>
          <span class="row">
            <a class="button quiet" href={`${LETTERS}.csv${fileQueryOf(filter)}`} download>
              Letters as CSV
            </a>
            <a class="button quiet" href={`${LETTERS}.ndjson${fileQueryOf(filter)}`} download>
              Whole, as JSON lines
            </a>
          </span>
        </div>
        <div class="card-head">
          <LetterFilters filter={filter} counts={answer?.counts ?? []} onChange={change} />
        </div>
        {failure && (
          <div class="card-body">
            <FailureNote failure={failure} onRetry={again} />
          </div>
        )}
        {!answer && !failure && (
          <div class="card-body">
            <Loading what="Reading the dead letters" />
          </div>
        )}
        {answer && answer.letters.length > 0 && (
          <Wishes
            picked={picked}
            all={narrows(filter) ? 'all that match' : 'all dead letters'}
            onWish={setReplay}
            filter={filter}
            busy={replay !== undefined}
          />
        )}
        {replay && (
          <div class="card-body">
            <Replay {...replay} onClose={() => setReplay(undefined)} onDone={done} />
          </div>
        )}
        {answer && (
          <List
            answer={answer}
            filter={filter}
            onChange={change}
            list={
              <LetterList letters={answer.letters} open={opened?.id} picked={picked} onOpen={setOpen} onPick={pick} />
            }
          />
        )}
      </section>
      <div class="side">
        {opened && (
          <DetailPanel
            of={opened.id}
            title={`${opened.event || 'Record'} to ${opened.destination || 'nowhere'}`}
            onClose={() => setOpen(undefined)}
          >
            <LetterDetail letter={opened} onDone={done} />
          </DetailPanel>
        )}
      </div>
    </div>
  );
}

interface WishesProps {
  picked: ReadonlySet<string>;
  all: string;
  filter: LettersFilter;
  busy: boolean;
  onWish: (wish: { wanted: Wanted; says: string }) => void;
}

/** What can be replayed at once. Each wish is tried before anything is changed. */
function Wishes({ picked, all, filter, busy, onWish }: WishesProps) {
  const some = `${numberText(picked.size)} picked ${picked.size === 1 ? 'letter' : 'letters'}`;
  return (
    <div class="card-foot row between">
      <span role="status">{picked.size === 0 ? 'None picked' : `${countText(picked.size, 'letter')} picked`}</span>
      <span class="row">
        <button
          type="button"
          class="button"
          disabled={busy || picked.size === 0}
          onClick={() => onWish({ wanted: { ids: [...picked] }, says: some })}
        >
          Replay picked
        </button>
        <button
          type="button"
          class="button"
          disabled={busy}
          onClick={() => onWish({ wanted: { where: whereOf(filter) }, says: all })}
        >
          Replay {all}
        </button>
      </span>
    </div>
  );
}

interface ListProps {
  answer: LettersAnswer;
  filter: LettersFilter;
  onChange: LettersProps['onChange'];
  list: ComponentChildren;
}

function List({ answer, filter, onChange, list }: ListProps) {
  const later = filter.after !== '';
  if (answer.letters.length > 0)
    return (
      <>
        {list}
        <ListFoot
          rows={answer.letters.length}
          one="letter"
          asOf={answer.asOf}
          later={later}
          next={answer.next}
          onPage={(after) => onChange({ after }, 'step')}
        />
      </>
    );
  if (!narrows(filter) && !later)
    return (
      <Empty title="No dead letter">
        Everything that was told became an event, and nothing was given up. What TikTok refuses for good, or may have
        taken without saying so, stands here with its reason.
      </Empty>
    );
  return (
    <Empty title="No letter matches">
      Days are those of {answer.timezone}.
      <span class="actions">
        <button type="button" class="button" onClick={() => onChange(NO_FILTER, 'step')}>
          Clear filters
        </button>
      </span>
    </Empty>
  );
}
