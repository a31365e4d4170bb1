import type { DeliveriesAnswer, OutcomeReport } from '../../api/deliveries.ts';
import { Empty } from '../../ui/notes.tsx';
import { numberText } from '../../ui/number.ts';
import { type Column, DataTable } from '../../ui/table.tsx';
import { TimeText } from '../../ui/time-text.tsx';

/** `code 40105`, or what came instead of one. */
function answerText({ code, http }: OutcomeReport): string {
  if (code !== undefined) return `code ${code}`;
  return http === undefined ? 'no answer' : `HTTP ${http}`;
}

const columns: Column<OutcomeReport>[] = [
  {
    name: 'Answer',
    cell: (outcome) => <b>{answerText(outcome)}</b>,
    sub: (outcome) => (
      <>
        <span class="chip">{outcome.outcome}</span> {outcome.destination}
        <span class="on-phone">
          <Meaning of={outcome} />
        </span>
      </>
    ),
  },
  { name: 'Attempts', kind: 'number', cell: ({ count }) => numberText(count) },
  {
    name: 'What it means, and what to do',
    from: 'tablet',
    cell: (outcome) => <Meaning of={outcome} />,
  },
];

function Meaning({ of: { means, why, next } }: { of: OutcomeReport }) {
  return (
    <>
      <div>{means}</div>
      <div class="quiet">
        <code>{why}</code> {next}
      </div>
    </>
  );
}

/** Every answer of the time by its code, with its meaning and what a person does about it. */
export function Outcomes({ answer, span }: { answer: DeliveriesAnswer; span: string }) {
  return (
    <section class="card flush" aria-label="Answers">
      <div class="card-head">
        <h2>Answers, {span}</h2>
        <span class="quiet">
          each event of each request, as of <TimeText at={answer.asOf} as="full" />
        </span>
      </div>
      {answer.outcomes.length === 0 ? (
        <Empty title="No answer in this time">Nothing was sent, so TikTok answered nothing.</Empty>
      ) : (
        <DataTable
          caption="Answers, most frequent first"
          columns={columns}
          rows={answer.outcomes}
          rowKey={({ destination, outcome, why, code, http }) => [destination, outcome, why, code, http].join(' ')}
        />
      )}
    </section>
  );
}
