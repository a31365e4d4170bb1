import { countText } from '../../ui/number.ts';
import { TimeText } from '../../ui/time-text.tsx';

/** How much of the list is shown, and the way to the next of it. */
export function ListFoot(props: {
  rows: number;
  one: string;
  asOf: number;
  /** not the first page */
  later: boolean;
  next: string | undefined;
  onPage: (after: string) => void;
}) {
  const { rows, one, asOf, later, next, onPage } = props;
  return (
    <div class="card-foot row between">
      <span role="status">
        {countText(rows, one)} on this page{next === undefined && (later ? ', the last' : ', which is all')}, as of{' '}
        <TimeText at={asOf} />
      </span>
      {(later || next !== undefined) && (
        <span class="row">
          {later && (
            <button type="button" class="button quiet" onClick={() => onPage('')}>
              First page
            </button>
          )}
          {next !== undefined && (
            <button type="button" class="button" onClick={() => onPage(next)}>
              Next page
            </button>
          )}
        </span>
      )}
    </div>
  );
}
