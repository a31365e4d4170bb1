import type { LeadsAnswer } from '../../api/books.ts';
import { moneyText } from '../../ui/money.ts';
import { numberText } from '../../ui/number.ts';
import { shareText } from '../../ui/share.ts';
import { TimeText } from '../../ui/time-text.tsx';
import { Count } from '../books/count.tsx';
import { funnel, type Rung } from './funnel.ts';

/** Where all leads stand on the ladder, what share goes on, and what they are worth. */
export function Funnel({ answer, onPick }: { answer: LeadsAnswer; onPick: (status: string) => void }) {
  const rungs = funnel(answer);
  const most = rungs[0]?.further ?? 0;
  return (
    <section class="card flush" aria-label="Funnel">
      <div class="card-head">
        <h2>Funnel</h2>
        <span class="quiet">
          {answer.breaks?.map((one) => (
            <span key={one.version} class="chip">
              scale changed by version {one.version}
            </span>
          ))}{' '}
          spec version {answer.specVersion}, as of <TimeText at={answer.asOf} as="full" />
        </span>
      </div>
      <ol class="funnel">
        {rungs.map((rung) => (
          <RungLine key={rung.status} rung={rung} most={most} onPick={onPick} />
        ))}
      </ol>
      <p class="card-foot">
        By where leads stand now: all count on the first step, and who took a way out counts on no later one.
      </p>
    </section>
  );
}

/** Words of a status that is neither told to TikTok nor worth anything. */
const BARE: Readonly<Record<Rung['is'], string>> = { step: 'no event', out: 'a way out', off: 'not on the ladder' };

function RungLine({ rung, most, onPick }: { rung: Rung; most: number; onPick: (status: string) => void }) {
  const { is, status, event, worth, here, further, share, values } = rung;
  return (
    <li>
      <div class="rung">
        <b>{status}</b>
        <span class="quiet">
          {[event, worth && `worth ${moneyText(worth)}`].filter(Boolean).join(', ') || BARE[is]}
        </span>
      </div>
      {further !== null && (
        <div class="reach">
          <span class="share" aria-hidden="true">
            <span style={{ width: `${most > 0 ? (100 * further) / most : 0}%` }} />
          </span>
          <span>
            <b>{numberText(further)}</b> <span class="quiet">here or further</span>
          </span>
          {share !== null && <span class="quiet">{shareText(share)} of the step before</span>}
        </div>
      )}
      <div class="stand">
        <span>
          <b>
            <Count of={here} says={`stand at ${status}`} onClick={() => onPick(status)} />
          </b>{' '}
          <span class="quiet">stand here</span>
        </span>
        {values.map((value) => (
          <button
            key={value.currency}
            type="button"
            class="figure-link number"
            aria-label={`${moneyText(value)} at ${status}: show`}
            onClick={() => onPick(status)}
          >
            {moneyText(value)}
          </button>
        ))}
      </div>
    </li>
  );
}
