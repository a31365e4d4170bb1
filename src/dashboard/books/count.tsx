import { numberText } from '../../ui/number.ts';

/** A figure that opens down to its rows; `says` names them to those who hear the page. */
export function Count({ of, says, onClick }: { of: number; says: string; onClick: () => void }) {
  if (of === 0) return <>0</>;
  return (
    <button type="button" class="figure-link" aria-label={`${numberText(of)} ${says}: show`} onClick={onClick}>
      {numberText(of)}
    </button>
  );
}
