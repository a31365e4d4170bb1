import { useEffect, useState } from 'preact/hooks';
import type { LeadAnswer, LeadsAnswer } from '../../api/books.ts';
import { zoneName } from '../../ui/clock.ts';
import { Empty, Loading } from '../../ui/notes.tsx';
import { DetailPanel } from '../../ui/panel.tsx';
import { PageHead } from '../../ui/shell.tsx';
import { Side } from '../../ui/side.tsx';
import { Zone } from '../../ui/time-text.tsx';
import { type Filter, fileQueryOf, NO_FILTER, narrows, pageQueryOf, queryOf } from '../books/filter.ts';
import { FilterBar } from '../books/filter-bar.tsx';
import { ListFoot } from '../books/list-foot.tsx';
import { useBooks } from '../books/use-books.ts';
import { useFilter } from '../books/use-filter.ts';
import { FailureNote } from '../failure-note.tsx';
import { BANDS, bandOf } from './ageing.ts';
import { AgeingCard, type Band } from './ageing-view.tsx';
import { FreezeNotes } from './freeze-notes.tsx';
import { Funnel } from './funnel-view.tsx';
import { LeadDetail } from './lead-detail.tsx';
import { LeadList } from './lead-list.tsx';

const REPORT = '/v1/reports/leads';
const SAYS = 'Every lead with its steps, and what they are worth.';

/** Leads on their ladder: figures that open down to leads, leads that open down to steps. */
export function Leads() {
  const { filter, change, open: show, page } = useFilter('lead_id', 'leads');
  const { answer, failure, loading, again } = useBooks<LeadsAnswer>(REPORT + pageQueryOf(filter, 'lead_id'));
  const [open, setOpen] = useState<LeadAnswer | undefined>(undefined);
  const [band, setBand] = useState<Band | undefined>(undefined);
  const address = queryOf(filter, 'lead_id');
  useEffect(() => setBand(undefined), [address]);
  const zone = answer?.timezone ?? 'UTC';

  if (failure?.kind === 'signedOut')
    return (
      <>
        <PageHead title="Leads" says={SAYS} />
        <FailureNote failure={failure} />
      </>
    );

  const opened = open && (answer?.leads.find((lead) => lead.lead_id === open.lead_id) ?? open);
  const known = answer !== undefined && answer.totals.length > 0;

  return (
    <Zone.Provider value={zone}>
      <PageHead title="Leads" says={answer ? `${SAYS} Times in ${zoneName(answer.asOf, zone)}.` : SAYS}>
        <a class="button quiet" href={`${REPORT}.csv${fileQueryOf(filter, 'lead_id')}`} download>
          Steps as CSV
        </a>
        <button type="button" class="button" disabled={loading} onClick={again}>
          Look again
        </button>
      </PageHead>
      {answer && <FreezeNotes answer={answer} />}
      {known && <Funnel answer={answer} onPick={(status) => show({ status })} />}
      {!answer && !failure && <Loading what="Reading the leads" />}
      <div class="split">
        <section class="card flush" id="leads" aria-label="List of leads" aria-busy={loading}>
          <div class="card-head">
            <FilterBar filter={filter} statuses={answer ? choices(answer) : []} of="Lead" onChange={change} />
          </div>
          {failure && (
            <div class="card-body">
              <FailureNote failure={failure} onRetry={again} />
            </div>
          )}
          {answer && (
            <List
              answer={answer}
              filter={filter}
              band={band}
              open={opened?.lead_id}
              onOpen={setOpen}
              onBand={setBand}
              onClear={() => change(NO_FILTER, 'step')}
              onPage={page}
            />
          )}
        </section>
        <div class="side">
          {opened && answer && (
            <DetailPanel of={opened.lead_id} title={`Lead ${opened.lead_id}`} onClose={() => setOpen(undefined)}>
              <LeadDetail lead={opened} asOf={answer.asOf} />
            </DetailPanel>
          )}
          {answer && answer.leads.length > 0 && (
            <Side says="Time in the step">
              <AgeingCard answer={answer} onPick={setBand} />
            </Side>
          )}
        </div>
      </div>
    </Zone.Provider>
  );
}

interface ListProps {
  answer: LeadsAnswer;
  filter: Filter;
  band: Band | undefined;
  open: string | undefined;
  onOpen: (lead: LeadAnswer) => void;
  onBand: (band: Band | undefined) => void;
  onClear: () => void;
  onPage: (after: string) => void;
}

/** One page of the list, or why it is empty. */
function List({ answer, filter, band, open, onOpen, onBand, onClear, onPage }: ListProps) {
  if (answer.leads.length === 0 && !narrows(filter) && filter.after === '')
    return (
      <Empty title="No lead yet">
        A lead appears when your form or your server tells it, your CRM's webhook does, or <code>assay import</code>{' '}
        reads it from a file.
      </Empty>
    );
  if (answer.leads.length === 0)
    return (
      <Empty title="No lead matches">
        Ids are compared letter by letter from their beginning, and days are those of {answer.timezone}.
        <span class="actions">
          <button type="button" class="button" onClick={onClear}>
            Clear filters
          </button>
        </span>
      </Empty>
    );
  const shown = band ? answer.leads.filter((lead) => isIn(lead, band, answer.asOf)) : answer.leads;
  return (
    <>
      {band && (
        <p class="card-foot row between">
          <span>
            Those of this page that stand at <b>{band.status}</b> for {BANDS[band.band]?.says}.
          </span>
          <button type="button" class="button quiet" onClick={() => onBand(undefined)}>
            Show all
          </button>
        </p>
      )}
      <LeadList leads={shown} asOf={answer.asOf} open={open} onOpen={onOpen} />
      <ListFoot
        rows={shown.length}
        one="lead"
        asOf={answer.asOf}
        later={filter.after !== ''}
        next={answer.next}
        onPage={onPage}
      />
    </>
  );
}

function isIn(lead: LeadAnswer, { status, band }: Band, asOf: number): boolean {
  return lead.status === status && bandOf(lead, asOf) === band;
}

/** The ladder's statuses, then those that leads stand in all the same. */
function choices({ ladder, totals }: LeadsAnswer): (readonly [status: string, says: string])[] {
  return [...new Set([...ladder, ...totals].map(({ status }) => status))].map((status) => [status, status]);
}
