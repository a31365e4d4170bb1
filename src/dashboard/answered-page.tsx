import type { ComponentChildren } from 'preact';
import type { Stand } from '../api/books.ts';
import { zoneName } from '../ui/clock.ts';
import { PageHead } from '../ui/shell.tsx';
import { Zone } from '../ui/time-text.tsx';
import type { Books } from './books/use-books.ts';
import { FailureNote } from './failure-note.tsx';

interface AnsweredPageProps {
  title: string;
  says: string;
  books: Books<Stand>;
  /** in which times are shown; the answer's own unless told */
  zone?: string | undefined;
  /** what can be downloaded, and where */
  files?: readonly (readonly [says: string, href: string])[];
  children: ComponentChildren;
}

/** What every page of one answer has around it: the head in the answer's time zone, files, and another look. */
export function AnsweredPage({ title, says, books, zone: told, files = [], children }: AnsweredPageProps) {
  const { answer, failure, loading, again } = books;
  if (failure?.kind === 'signedOut')
    return (
      <>
        <PageHead title={title} says={says} />
        <FailureNote failure={failure} />
      </>
    );
  const zone = told ?? answer?.timezone ?? 'UTC';
  return (
    <Zone.Provider value={zone}>
      <PageHead title={title} says={answer ? `${says} Times in ${zoneName(answer.asOf, zone)}.` : says}>
        {files.map(([name, href]) => (
          <a key={name} class="button quiet" href={href} download>
            {name}
          </a>
        ))}
        <button type="button" class="button" disabled={loading} onClick={again}>
          Look again
        </button>
      </PageHead>
      {children}
    </Zone.Provider>
  );
}
