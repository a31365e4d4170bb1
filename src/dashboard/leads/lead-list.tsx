import type { LeadAnswer } from '../../api/books.ts';
import { spanText } from '../../ui/duration.ts';
import { moneyText } from '../../ui/money.ts';
import { type Column, DataTable } from '../../ui/table.tsx';
import { TimeText } from '../../ui/time-text.tsx';
import { ageOf } from './ageing.ts';

const columnsAt = (asOf: number): Column<LeadAnswer>[] => [
  { name: 'Came', kind: 'time', from: 'tablet', cell: (lead) => <TimeText at={lead.createdAt} as="list" /> },
  {
    name: 'Lead',
    main: true,
    cell: (lead) => <span class="id">{lead.lead_id}</span>,
    sub: (lead) => (
      <span class="on-phone">
        <TimeText at={lead.createdAt} as="list" />
      </span>
    ),
  },
  {
    name: 'Status',
    cell: (lead) => <span class="chip">{lead.status}</span>,
    sub: (lead) => <span class="on-phone">for {spanText(ageOf(lead, asOf))}</span>,
  },
  { name: 'In it for', kind: 'number', from: 'tablet', cell: (lead) => spanText(ageOf(lead, asOf)) },
  { name: 'Steps', kind: 'number', from: 'wide', cell: (lead) => lead.steps.length },
  {
    name: 'From',
    kind: 'word',
    from: 'wide',
    cell: (lead) => (lead.source === 'crm' ? 'Instant Form' : 'own site'),
  },
  { name: 'Value', kind: 'number', cell: (lead) => lead.value && moneyText(lead.value) },
];

/** The list of leads; a row opens to its history. */
export function LeadList(props: {
  leads: readonly LeadAnswer[];
  asOf: number;
  open: string | undefined;
  onOpen: (lead: LeadAnswer) => void;
}) {
  return (
    <DataTable
      caption="Leads, newest first"
      columns={columnsAt(props.asOf)}
      rows={props.leads}
      rowKey={(lead) => lead.lead_id}
      open={props.open}
      onOpen={props.onOpen}
    />
  );
}
