import type { ComponentChildren } from 'preact';
import type { Stand } from '../../api/books.ts';
import { Empty, Loading } from '../../ui/notes.tsx';
import { AnsweredPage } from '../answered-page.tsx';
import { FailureNote } from '../failure-note.tsx';
import { type Filter, narrows } from './filter.ts';
import { ListFoot } from './list-foot.tsx';
import type { Books } from './use-books.ts';

interface BookPageProps<Answer extends Stand> {
  title: string;
  says: string;
  /** what a row is, such as `order`; the list's element has its plural for an id */
  one: string;
  books: Books<Answer>;
  /** what is being read, until it is there */
  reads: string;
  /** what can be downloaded, and where */
  files: readonly (readonly [says: string, href: string])[];
  filters: ComponentChildren;
  /** what stands above the list */
  figures: (answer: Answer) => ComponentChildren;
  list: (answer: Answer) => ComponentChildren;
  /** what stands beside it */
  side: (answer: Answer | undefined) => ComponentChildren;
}

/** A page of the books: its figures, a list that filters narrow, and what opens beside it. */
export function BookPage<Answer extends Stand>(props: BookPageProps<Answer>) {
  const { title, says, one, books, files } = props;
  const { answer, failure, loading, again } = books;
  return (
    <AnsweredPage title={title} says={says} books={books} files={files}>
      {answer && props.figures(answer)}
      {!answer && !failure && <Loading what={`Reading ${props.reads}`} />}
      <div class="split">
        <section class="card flush" id={`${one}s`} aria-label={`List of ${one}s`} aria-busy={loading}>
          <div class="card-head">{props.filters}</div>
          {failure && (
            <div class="card-body">
              <FailureNote failure={failure} onRetry={again} />
            </div>
          )}
          {answer && props.list(answer)}
        </section>
        <div class="side">{props.side(answer)}</div>
      </div>
    </AnsweredPage>
  );
}

interface BookListProps {
  one: string;
  /** rows on this page */
  rows: number;
  answer: Stand & { next?: string };
  filter: Filter;
  onClear: () => void;
  onPage: (after: string) => void;
  /** what brings the first row */
  empty: ComponentChildren;
  children: ComponentChildren;
}

/** One page of a list, or why it is empty. */
export function BookList({ one, rows, answer, filter, onClear, onPage, empty, children }: BookListProps) {
  const later = filter.after !== '';
  if (rows === 0 && !narrows(filter) && !later) return <Empty title={`No ${one} yet`}>{empty}</Empty>;
  if (rows === 0)
    return (
      <Empty title={`No ${one} matches`}>
        Ids are compared letter by letter from their beginning, and days are those of {answer.timezone}.
        <span class="actions">
          <button type="button" class="button" onClick={onClear}>
            Clear filters
          </button>
        </span>
      </Empty>
    );
  return (
    <>
      {children}
      <ListFoot rows={rows} one={one} asOf={answer.asOf} later={later} next={answer.next} onPage={onPage} />
    </>
  );
}
