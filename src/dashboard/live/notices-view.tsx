import type { ComponentChildren } from 'preact';
import type { LiveNotices, LiveRow } from '../../api/answers.ts';
import { Badge } from '../../ui/badge.tsx';
import { numberText } from '../../ui/number.ts';
import { TimeText } from '../../ui/time-text.tsx';
import { reasons } from '../reasons.ts';
import { tracePath } from '../route.ts';
import { type Filter, filterFor } from './filter.ts';
import { turnedAway } from './turned-away.ts';

/** What wants a look: findings, differences, and what was turned away. Nothing is shown where nothing is. */
export function Notices(props: {
  notices: LiveNotices;
  rows: readonly LiveRow[];
  filter: Filter;
  onPick: (filter: Filter) => void;
}) {
  return (
    <>
      <TurnedAway {...props} />
      <Findings findings={props.notices.findings} />
      <Differences differences={props.notices.differences} />
    </>
  );
}

function TurnedAway({ rows, filter, onPick }: Parameters<typeof Notices>[0]) {
  const groups = turnedAway(rows);
  return (
    <Fold title="Turned away" count={groups.length} says="by reason, of the records on this page">
      {groups.map((group) => (
        <li key={`${group.verdict} ${group.reason}`}>
          <button
            type="button"
            class="figure-link"
            onClick={() => onPick(filterFor({ verdict: group.verdict, reason: group.reason }, filter))}
          >
            <code>{group.reason}</code>
          </button>
          <b>{numberText(group.count)}</b>
          <span class="row">
            <Badge is={group.verdict} />
            <span class="quiet">
              {group.doors.join(', ')}, last <TimeText at={group.lastAt} />
            </span>
          </span>
          <span class="quiet">{reasons.value.get(group.reason)?.fix || reasons.value.get(group.reason)?.means}</span>
        </li>
      ))}
    </Fold>
  );
}

function Findings({ findings }: { findings: LiveNotices['findings'] }) {
  return (
    <Fold title="Findings" count={findings.length} says="last seen first">
      {findings.map((finding) => (
        <li key={finding.id}>
          <span>
            {finding.trace === undefined ? finding.subject : <a href={tracePath(finding.trace)}>{finding.subject}</a>}{' '}
            {finding.what}
          </span>
          <b>{numberText(finding.times)}×</b>
          <span class="quiet">{finding.fix}</span>
          <span class="quiet">
            First <TimeText at={finding.firstSeenAt} />, last <TimeText at={finding.lastSeenAt} />
          </span>
        </li>
      ))}
    </Fold>
  );
}

function Differences({ differences }: { differences: LiveNotices['differences'] }) {
  return (
    <Fold title="Differences" count={differences.length} says="between observations of one event">
      {differences.map((difference) => (
        <li key={`${difference.seq} ${difference.field}`}>
          <a href={tracePath(difference.trace)}>
            {difference.event} {difference.field}
          </a>
          <TimeText at={difference.at} />
          <span class="quiet">{difference.says}</span>
        </li>
      ))}
    </Fold>
  );
}

function Fold(props: { title: string; count: number; says: string; children: ComponentChildren }) {
  if (props.count === 0) return null;
  return (
    <details class="card flush">
      <summary class="card-head">
        <h2>{props.title}</h2>
        <span>{numberText(props.count)}</span>
      </summary>
      <ul class="tally">{props.children}</ul>
      <p class="card-foot">{props.says}</p>
    </details>
  );
}
