import type { TraceAnswer, TraceLeadStep } from '../../api/answers.ts';
import { toldMoney } from '../../ui/money.ts';
import { type Column, DataTable } from '../../ui/table.tsx';
import { TimeText } from '../../ui/time-text.tsx';
import { IdLink } from '../id-link.tsx';
import { unsentSays } from '../leads/words.ts';

const columns: Column<TraceLeadStep>[] = [
  { name: 'When', kind: 'time', cell: (step) => <TimeText at={step.occurredAt} /> },
  {
    name: 'Status',
    cell: (step) => step.status,
    sub: (step) => <span class="on-phone">{`${signal(step)}, by ${step.door}`}</span>,
  },
  { name: 'Event', from: 'tablet', cell: signal },
  { name: 'Door', kind: 'word', from: 'tablet', cell: (step) => step.door },
  { name: 'Event id', kind: 'id', from: 'wide', cell: (step) => step.eventId && <IdLink id={step.eventId} /> },
  { name: 'Value', kind: 'number', cell: (step) => step.value && toldMoney(step.value) },
];

/** The event that told TikTok, or that none did. */
function signal({ event, unsent }: TraceLeadStep): string {
  return event ?? (unsent === undefined ? 'none' : unsentSays(unsent));
}

/** The lead's steps, those that TikTok does not get too. */
export function LeadCard({ lead }: { lead: NonNullable<TraceAnswer['lead']> }) {
  return (
    <section class="card flush">
      <div class="card-head">
        <h2>
          Lead <IdLink id={lead.leadId} />
        </h2>
        <span class="chip">{lead.steps.at(-1)?.status}</span>
      </div>
      <DataTable
        caption={`Steps of lead ${lead.leadId}`}
        columns={columns}
        rows={lead.steps}
        rowKey={(step) => step.seq}
      />
    </section>
  );
}
