import type { Earned } from '../../api/attribution.ts';
import type { MoneyAnswer } from '../../api/books.ts';
import { moneyText } from '../../ui/money.ts';
import { partText } from '../../ui/number.ts';
import { conversionsSay } from './words.ts';

interface FigureProps {
  /** what it is a figure of, for those who hear the page */
  of: string;
  /** the same conversions have another figure beside it, which the keyboard stops at */
  beside?: true;
  onOpen: () => void;
}

/** A sum of shares that opens to its conversions; nothing opens to nothing. */
export function Conversions({ count, ...rest }: FigureProps & { count: number }) {
  return count === 0 ? <>0</> : <Opening says={partText(count)} one={conversionsSay(count)} {...rest} />;
}

/** Money that opens to the conversions that it is made of, if it is made of any. */
export function Amount({ money, from, ...rest }: FigureProps & { money: MoneyAnswer; from: Earned }) {
  return from.conversions === 0 ? <span>{moneyText(money)}</span> : <Opening says={moneyText(money)} {...rest} />;
}

/** `one`: the same as those hear it who see no column's name. */
function Opening({ says, one = says, of, beside, onOpen }: FigureProps & { says: string; one?: string }) {
  return (
    <button
      type="button"
      class="figure-link"
      aria-label={`${one} ${of}: show`}
      tabIndex={beside ? -1 : 0}
      onClick={onOpen}
    >
      {says}
    </button>
  );
}
