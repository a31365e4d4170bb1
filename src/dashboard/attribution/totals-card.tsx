import type { AttributionAnswer } from '../../api/attribution.ts';
import { moneyText } from '../../ui/money.ts';
import { countText } from '../../ui/number.ts';
import { Amount, Conversions } from './amount.tsx';
import { conversionsSay, nobodySays } from './words.ts';

/** What a figure of the page is: its name, and what its conversions are asked for by. */
export interface Figure {
  says: string;
  /** what narrows it to a row, and `of`: earned, views or nobody */
  asks: Record<string, string>;
}

interface TotalsProps {
  totals: AttributionAnswer['totals'];
  onOpen: (figure: Figure) => void;
}

/** All conversions of the time: credited, viewed only, and nobody's with the reason. */
export function TotalsCard({ totals: { earned, views, nobody, why }, onOpen }: TotalsProps) {
  const all = { says: 'Credited conversions', asks: { of: 'earned' } };
  const none = { says: 'Conversions that nobody earned', asks: { of: 'nobody' } };
  const viewed = { says: 'Conversions that were only viewed', asks: { of: 'views' } };
  return (
    <section class="card flush" aria-label="Totals">
      <div class="card-head">
        <h2>All together</h2>
        <span class="quiet">
          {conversionsSay(earned.conversions + views.conversions + nobody.conversions)} in this time
        </span>
      </div>
      <dl class="figures card-body">
        <div class="figure">
          <dt>Credited by clicks and engaged views</dt>
          <dd class="value">
            <b>
              <Conversions count={earned.conversions} of="credited" onOpen={() => onOpen(all)} />
            </b>
          </dd>
        </div>
        <div class="figure">
          <dt>Their value</dt>
          <dd class="value">
            <b>
              <Amount money={earned.value} from={earned} of="credited" beside onOpen={() => onOpen(all)} />
            </b>
          </dd>
        </div>
        <div class="figure">
          <dt>Net of it, in the cash book</dt>
          <dd class="value">
            <b>
              <Amount money={earned.net} from={earned} of="net" beside onOpen={() => onOpen(all)} />
            </b>
          </dd>
        </div>
        <div class="figure">
          <dt>To nobody</dt>
          <dd class="value">
            <b>
              <Conversions count={nobody.conversions} of="nobody earned" onOpen={() => onOpen(none)} />
            </b>
          </dd>
          <dd class="as-of">worth {moneyText(nobody.value)}</dd>
        </div>
        <div class="figure apart">
          <dt>Apart: viewed only</dt>
          <dd class="value">
            <b>
              <Conversions count={views.conversions} of="only viewed" onOpen={() => onOpen(viewed)} />
            </b>
          </dd>
          <dd class="as-of">worth {moneyText(views.value)}, in no other figure</dd>
        </div>
      </dl>
      {why.length > 0 && (
        <details class="card-foot">
          <summary>Why nobody earned {conversionsSay(nobody.conversions)}</summary>
          <ul class="sentences">
            {why.map((one) => (
              <li key={one.why}>
                <b>{countText(one.conversions, 'conversion')}</b> <span>{nobodySays(one.why)}</span>
              </li>
            ))}
          </ul>
        </details>
      )}
    </section>
  );
}
