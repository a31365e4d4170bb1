import type { LiveRow } from '../../api/answers.ts';
import { Badge } from '../../ui/badge.tsx';
import { Fact } from '../../ui/fact.tsx';
import { TimeText } from '../../ui/time-text.tsx';
import { IdLink } from '../id-link.tsx';
import { ReasonList } from '../reason-list.tsx';
import { tracePath } from '../route.ts';
import { kindSays } from './words.ts';

/** Everything that Live knows about one record, and the way to its whole story. */
export function RowDetail({ row }: { row: LiveRow }) {
  return (
    <>
      <div class="row between">
        <span class="row">
          <Badge is={row.verdict} />
          {row.draft && <Badge is="draft" />}
        </span>
        {/* A record that belongs to no event has no way to follow. */}
        {(row.orderId ?? row.leadId ?? row.eventId) && (
          <a class="button primary" href={tracePath(row.orderId ?? row.leadId ?? row.eventId ?? row.seq)}>
            Trace
          </a>
        )}
      </div>
      <section>
        <h3>Why</h3>
        {row.reasons.length === 0 ? (
          <p class="quiet">No reason was recorded.</p>
        ) : (
          <ReasonList codes={row.reasons} fixes />
        )}
      </section>
      {row.problems && (
        <section>
          <h3>What to mend</h3>
          <ul class="sentences">
            {row.problems.map((problem) => (
              <li key={problem.where + problem.code}>
                <code>{problem.where}</code> {problem.what}
                <div class="quiet">{problem.fix}</div>
              </li>
            ))}
          </ul>
        </section>
      )}
      <section>
        <h3>Record</h3>
        <dl class="facts">
          <Fact name="Received">
            <TimeText at={row.receivedAt} as="full" />
          </Fact>
          <Fact name="Sequence">{row.seq}</Fact>
          <Fact name="Door">{row.door}</Fact>
          <Fact name="Kind">
            {kindSays(row.kind)} <code>{row.kind}</code>
          </Fact>
          <Fact name="Event">{row.event}</Fact>
          <Fact name="Value">{row.value}</Fact>
          <Fact name="Source">{row.source}</Fact>
          <Fact name="Event id">{row.eventId && <IdLink id={row.eventId} />}</Fact>
          <Fact name="Order">{row.orderId && <IdLink id={row.orderId} />}</Fact>
          <Fact name="Lead">{row.leadId && <IdLink id={row.leadId} />}</Fact>
          <Fact name="Visitor">{row.visitor && <IdLink id={row.visitor} />}</Fact>
        </dl>
      </section>
    </>
  );
}
