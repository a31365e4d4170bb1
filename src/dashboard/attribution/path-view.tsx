import type { ConversionPathAnswer } from '../../api/attribution.ts';
import { Fact } from '../../ui/fact.tsx';
import { moneyText } from '../../ui/money.ts';
import { Loading } from '../../ui/notes.tsx';
import { shareText } from '../../ui/share.ts';
import { TimeText } from '../../ui/time-text.tsx';
import { useBooks } from '../books/use-books.ts';
import { FailureNote } from '../failure-note.tsx';
import { IdLink } from '../id-link.tsx';
import { tracePath } from '../route.ts';
import { ageSays, kindSays, rulesSay } from './words.ts';

type Touch = ConversionPathAnswer['touches'][number];

/** One conversion: every touch of its person on a line of time, why each earned or did not, and why it is one person. */
export function PathView({ question }: { question: string }) {
  const { answer, failure, again } = useBooks<ConversionPathAnswer>(question);
  if (failure) return <FailureNote failure={failure} onRetry={again} />;
  if (!answer) return <Loading what="Reading the path" />;
  const { conversion, says, statement } = answer;
  return (
    <>
      <div class="row between">
        <p>{sentence(says)}</p>
        <a class="button primary" href={tracePath(conversion.order_id ?? conversion.lead_id ?? conversion.conversion)}>
          Trace
        </a>
      </div>
      {answer.differs && (
        <p class="note" data-is="warn">
          Facts have changed since this statement. Computed again today, the shares would be others than those below.
        </p>
      )}
      <section>
        <h3>Conversion</h3>
        <dl class="facts">
          <Fact name="Happened">
            <TimeText at={conversion.at} as="full" />
          </Fact>
          <Fact name="Value">{moneyText(conversion.value)}</Fact>
          <Fact name="Net">{moneyText(conversion.net)}</Fact>
          <Fact name="Order">{conversion.order_id}</Fact>
          <Fact name="Lead">{conversion.lead_id}</Fact>
          <Fact name="Counted">{conversion.confirmed ? '' : 'not yet: its payment is awaited'}</Fact>
          <Fact name="Rules">
            {rulesSay(statement)}; statement {statement.statement}
          </Fact>
        </dl>
      </section>
      <section>
        <h3>Touches, oldest first</h3>
        <PathLine answer={answer} />
      </section>
      <Ties ties={answer.ties} />
    </>
  );
}

/** The touches in their order, and the conversion where it stands among them. */
function PathLine({ answer: { touches, conversion } }: { answer: ConversionPathAnswer }) {
  const inTime = [...touches].sort((a, b) => b.age - a.age || a.touch - b.touch);
  const before = inTime.filter(({ age }) => age >= 0);
  const after = inTime.filter(({ age }) => age < 0);
  return (
    <ol class="timeline">
      {before.map((touch) => (
        <TouchLine key={touch.touch} touch={touch} />
      ))}
      <li data-is="paid">
        <span class="at">
          <TimeText at={conversion.at} as="full" />
        </span>
        <div class="hop">
          <b>{conversion.name}</b> {moneyText(conversion.value)}
          {before.length === 0 && <p class="quiet">No touch of this person came before it.</p>}
        </div>
      </li>
      {after.map((touch) => (
        <TouchLine key={touch.touch} touch={touch} />
      ))}
    </ol>
  );
}

function TouchLine({ touch }: { touch: Touch }) {
  const { at, kind, source, channel, campaign, adgroup, ad, age, visitor, share, value, says } = touch;
  const of = [campaign, adgroup, ad].filter((name) => name !== null && name !== '');
  return (
    <li data-is={share > 0 ? 'admitted' : 'withheld'}>
      <span class="at">
        <TimeText at={at} as="full" />
      </span>
      <div class="hop">
        <div>
          <b>{channel || 'unnamed channel'}</b>{' '}
          <span class="quiet">
            {kindSays(kind)}, {ageSays(age)}
          </span>
        </div>
        {of.length > 0 && (
          <div>
            {of.map((name, n) => (
              <span key={n}>
                {n > 0 && ' › '}
                <bdi>{name}</bdi>
              </span>
            ))}
          </div>
        )}
        <p>
          {share > 0 && <b>{[shareText(share), value && moneyText(value)].filter(Boolean).join(', ')}: </b>}
          <span>{sentence(says)}</span>
        </p>
        <div class="quiet">
          {source}, <Visitor visitor={visitor} />, <a href={tracePath(touch.touch)}>record {touch.touch}</a>
        </div>
      </div>
    </li>
  );
}

function Ties({ ties }: { ties: ConversionPathAnswer['ties'] }) {
  if (ties.length === 0) return null;
  return (
    <section>
      <h3>Why these visitors are one person</h3>
      <ul class="sentences">
        {ties.map(({ kind, value, visitors }) => (
          <li key={`${kind} ${value}`}>
            <b>{kind}</b> <code>{value}</code>
            <ul>
              {visitors.map(({ visitor, at, seq }) => (
                <li key={seq}>
                  <Visitor visitor={visitor} /> <span class="quiet">came with it</span> <TimeText at={at} as="full" />,{' '}
                  <a href={tracePath(seq)}>record {seq}</a>
                </li>
              ))}
            </ul>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** Where no visitor was told, the record stands for one. */
function Visitor({ visitor }: { visitor: string }) {
  return visitor.startsWith('~') ? <span>no visitor told</span> : <IdLink id={visitor} />;
}

function sentence(text: string): string {
  const capital = text.slice(0, 1).toUpperCase() + text.slice(1);
  return /[.!?]$/.test(capital) ? capital : `${capital}.`;
}
