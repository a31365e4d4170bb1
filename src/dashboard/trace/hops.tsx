import { useContext } from 'preact/hooks';
import type { Hop, HopKind } from '../../api/answers.ts';
import { Badge } from '../../ui/badge.tsx';
import { dayText } from '../../ui/clock.ts';
import { CodeBlock } from '../../ui/code.tsx';
import { TimeText, Zone } from '../../ui/time-text.tsx';
import { ReasonList } from '../reason-list.tsx';
import { TikTokSays } from './tiktok-says.tsx';

const names: Record<HopKind, string> = {
  touch: 'Ad contact',
  consent: 'Consent',
  observation: 'Record',
  order: 'Order',
  lead: 'Lead',
  payment: 'Payment',
  dispatch: 'Dispatch',
  attempt: 'Attempt',
  handout: 'Handout',
  replay: 'Replay',
  pixel: 'Pixel',
  finding: 'Finding',
  difference: 'Difference',
};

/** The steps of a fact in time order; each opens to what is known about it. */
export function Hops({ hops }: { hops: readonly Hop[] }) {
  const zone = useContext(Zone);
  return (
    <ol class="timeline">
      {hops.map((hop, index) => {
        const before = hops[index - 1];
        const newDay = !before || dayText(before.at, zone) !== dayText(hop.at, zone);
        return <HopView key={`${index} ${hop.kind}`} hop={hop} newDay={newDay} />;
      })}
    </ol>
  );
}

function HopView({ hop, newDay }: { hop: Hop; newDay: boolean }) {
  const is = hop.state ?? hop.verdict;
  return (
    <li data-is={is}>
      <div class="at">
        {newDay && (
          <div>
            <TimeText at={hop.at} as="day" />
          </div>
        )}
        <TimeText at={hop.at} as="precise" />
      </div>
      <div class="hop">
        <div class="row">
          <strong>{names[hop.kind]}</strong>
          {hop.door && <span class="chip">{hop.door}</span>}
          {hop.leg && (
            <span class="chip">
              {hop.leg}
              {hop.destination && ` to ${hop.destination}`}
            </span>
          )}
          {hop.verdict && <Badge is={hop.verdict} />}
          {hop.state && <Badge is={hop.state} />}
        </div>
        <p>{hop.says}</p>
        <TikTokSays answer={hop} />
        <ReasonList codes={hop.reasons} />
        {hop.detail && (
          <details>
            <summary>{hop.seq === undefined ? 'Detail' : `Detail of record ${hop.seq}`}</summary>
            <CodeBlock title="Detail" text={JSON.stringify(hop.detail, null, 2)} />
          </details>
        )}
      </div>
    </li>
  );
}
