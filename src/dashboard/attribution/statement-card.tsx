import type { ComponentChildren } from 'preact';
import type { AttributionAsked, StatementAnswer } from '../../api/attribution.ts';
import { TimeText } from '../../ui/time-text.tsx';
import { rulesSay } from './words.ts';

const ROLES: Readonly<Record<StatementAnswer['role'], string>> = {
  standing: 'as the spec has it, kept up to date',
  past: 'past',
  asked: 'asked for here',
};

/** Which rules the figures follow from and what they know, with the switches that ask for others. */
export function StatementCard(props: {
  statement: StatementAnswer;
  /** whose day a credited conversion stands under, where days are told */
  basis?: AttributionAsked['basis'];
  /** other figures are under way */
  busy: boolean;
  children: ComponentChildren;
}) {
  const { statement, basis, busy, children } = props;
  const { role, specVersion, timezone, asOf } = statement;
  return (
    <section class="card flush" aria-label="Statement">
      <div class="card-head">
        <span class="row">
          <h2>Statement {statement.statement}</h2>
          <span class="chip">{ROLES[role]}</span>
        </span>
        <span class="quiet">
          spec version {specVersion}, days of {timezone}
          {basis && `, those of the ${basis}`}, as of <TimeText at={asOf} as="full" />
        </span>
      </div>
      <div class="card-body stack">
        <p>
          {rulesSay(statement)}.{' '}
          <span role="status" class="quiet">
            {busy ? 'Being computed anew; until then these figures stand.' : ''}
          </span>
        </p>
        {role === 'past' && (
          <p class="note" data-is="warn">
            These credits stand as they were under spec version {specVersion}. What came after{' '}
            <TimeText at={asOf} as="full" /> is not in them.
          </p>
        )}
        {children}
      </div>
    </section>
  );
}
