import { useState } from 'preact/hooks';
import type { LeadAnswer, LeadsAnswer } from '../../api/books.ts';
import { DetailPanel } from '../../ui/panel.tsx';
import { Side } from '../../ui/side.tsx';
import { BookList, BookPage } from '../books/book-page.tsx';
import { fileQueryOf, NO_FILTER, pageQueryOf } from '../books/filter.ts';
import { FilterBar } from '../books/filter-bar.tsx';
import { useBooks } from '../books/use-books.ts';
import { useFilter } from '../books/use-filter.ts';
import { bandsOf } from './ageing.ts';
import { AgeingCard } from './ageing-view.tsx';
import { FreezeNotes } from './freeze-notes.tsx';
import { Funnel } from './funnel-view.tsx';
import { LeadDetail } from './lead-detail.tsx';
import { LeadList } from './lead-list.tsx';

const REPORT = '/v1/reports/leads';

/** Leads on their ladder: figures that open down to leads, leads that open down to steps. */
export function Leads() {
  const { filter, change, open: show, page } = useFilter('lead_id', 'leads');
  const books = useBooks<LeadsAnswer>(REPORT + pageQueryOf(filter, 'lead_id'));
  const [open, setOpen] = useState<LeadAnswer | undefined>(undefined);
  const files = fileQueryOf(filter, 'lead_id');
  const opened = open && (books.answer?.leads.find((lead) => lead.lead_id === open.lead_id) ?? open);

  return (
    <BookPage
      title="Leads"
      says="Every lead with its steps, and what they are worth."
      one="lead"
      books={books}
      reads="the leads"
      files={[
        ['Leads as CSV', `${REPORT}.csv${files}`],
        ['Steps as CSV', `${REPORT}-steps.csv${files}`],
      ]}
      filters={
        <FilterBar
          filter={filter}
          statuses={books.answer ? choices(books.answer) : []}
          of="Lead"
          choices={[{ field: 'age', label: 'In the step for', options: ages(books.answer) }]}
          onChange={change}
        />
      }
      figures={(answer) => (
        <>
          <FreezeNotes answer={answer} />
          {answer.totals.length > 0 && <Funnel answer={answer} onPick={(status) => show({ status })} />}
        </>
      )}
      list={(answer) => (
        <BookList
          one="lead"
          rows={answer.leads.length}
          answer={answer}
          filter={filter}
          onClear={() => change(NO_FILTER, 'step')}
          onPage={page}
          empty={
            <>
              A lead appears when your form or your server tells it, your CRM's webhook does, or{' '}
              <code>assay import</code> reads it from a file.
            </>
          }
        >
          <LeadList leads={answer.leads} asOf={answer.asOf} open={opened?.lead_id} onOpen={setOpen} />
        </BookList>
      )}
      side={(answer) => (
        <>
          {opened && answer && (
            <DetailPanel of={opened.lead_id} title={`Lead ${opened.lead_id}`} onClose={() => setOpen(undefined)}>
              <LeadDetail lead={opened} asOf={answer.asOf} />
            </DetailPanel>
          )}
          {answer && answer.totals.length > 0 && (
            <Side says="Time in the step">
              <AgeingCard answer={answer} onPick={show} />
            </Side>
          )}
        </>
      )}
    />
  );
}

function ages(answer: LeadsAnswer | undefined): (readonly [age: string, says: string])[] {
  return answer ? bandsOf(answer.ageingDays).map(({ age, says }) => [age, says]) : [];
}

/** The ladder's statuses, then those that leads stand in all the same. */
function choices({ ladder, totals }: LeadsAnswer): (readonly [status: string, says: string])[] {
  return [...new Set([...ladder, ...totals].map(({ status }) => status))].map((status) => [status, status]);
}
