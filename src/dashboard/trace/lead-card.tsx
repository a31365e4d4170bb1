import type { TraceAnswer, TraceLeadStep } from '../../api/answers.ts';
import { type Column, DataTable } from '../../ui/table.tsx';
import { TimeText } from '../../ui/time-text.tsx';
import { IdLink } from '../id-link.tsx';

const columns: Column<TraceLeadStep>[] = [
  { name: 'When', kind: 'time', cell: (step) => <TimeText at={step.occurredAt} /> },
  {
    name: 'Status',
    cell: (step) => step.status,
    sub: (step) => <span class="on-phone">{`${step.event}, by ${step.door}`}</span>,
  },
  { name: 'Event', from: 'tablet', cell: (step) => step.event },
  { name: 'Door', kind: 'word', from: 'tablet', cell: (step) => step.door },
  { name: 'Event id', kind: 'id', from: 'wide', cell: (step) => <IdLink id={step.eventId} /> },
  { name: 'Value', kind: 'number', cell: (step) => step.value },
];

/** The lead's steps that are events. */
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
