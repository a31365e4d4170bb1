import type { LeadAnswer } from '../../api/books.ts';
import type { LeadStep } from '../../event/lead.ts';
import { spanText } from '../../ui/duration.ts';
import { Fact } from '../../ui/fact.tsx';
import { moneyText } from '../../ui/money.ts';
import { TimeText } from '../../ui/time-text.tsx';
import { IdLink } from '../id-link.tsx';
import { tracePath } from '../route.ts';
import { ageOf } from './ageing.ts';
import { unsentSays } from './words.ts';

/** A step that was told this much later than it happened is told as late. */
const LATE_MS = 60_000;

/** One lead: where it stands, and every step that led there. */
export function LeadDetail({ lead, asOf }: { lead: LeadAnswer; asOf: number }) {
  const properties = Object.entries(lead.properties);
  return (
    <>
      <div class="row between">
        <span class="chip">{lead.status}</span>
        <a class="button primary" href={tracePath(lead.lead_id)}>
          Trace
        </a>
      </div>
      <section>
        <h3>Lead</h3>
        <dl class="facts">
          <Fact name="Value">{lead.value ? moneyText(lead.value) : 'none on this step'}</Fact>
          <Fact name="Came">
            <TimeText at={lead.createdAt} as="full" />
          </Fact>
          <Fact name="In it for">{spanText(ageOf(lead, asOf))}</Fact>
          <Fact name="From">{lead.source === 'crm' ? 'a TikTok Instant Form' : 'the own site'}</Fact>
          <Fact name="Visitor">{lead.visitor && <IdLink id={lead.visitor} />}</Fact>
        </dl>
      </section>
      <section>
        <h3>History</h3>
        <ol class="tally plain">
          {lead.steps.map((step) => (
            <StepLine key={step.seq} step={step} />
          ))}
        </ol>
      </section>
      {properties.length > 0 && (
        <section>
          <h3>Properties</h3>
          <ul class="sentences">
            {properties.map(([name, value]) => (
              <li key={name}>
                <code>{name}</code> <span>{typeof value === 'string' ? value : JSON.stringify(value)}</span>
              </li>
            ))}
          </ul>
        </section>
      )}
    </>
  );
}

function StepLine({ step }: { step: LeadStep }) {
  const lateMs = step.receivedAt - step.at;
  return (
    <li>
      <b>{step.status}</b>
      {step.event === undefined ? (
        <span class="quiet">record {step.seq}</span>
      ) : (
        <a href={tracePath(step.seq)}>record {step.seq}</a>
      )}
      <span class="quiet">
        <TimeText at={step.at} as="full" /> by <span>{step.by}</span>
        {lateMs > LATE_MS && `, told ${spanText(lateMs)} later`}
      </span>
      {step.event !== undefined && (
        <span>
          Told to TikTok as <a href={tracePath(step.event)}>event {step.event}</a>.
        </span>
      )}
      {step.reversal && (
        <span class="note" data-is="warn">
          A late reversal: it takes back a step that TikTok was told of. That signal stands, and nothing more is sent.
        </span>
      )}
      {step.unsent !== undefined && <span class="quiet">{unsentSays(step.unsent)}</span>}
    </li>
  );
}
