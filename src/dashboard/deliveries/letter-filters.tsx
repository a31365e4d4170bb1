import type { LetterCountAnswer } from '../../api/letters.ts';
import { SearchField } from '../../ui/field.tsx';
import { numberText } from '../../ui/number.ts';
import { Choose, Day } from '../books/filter-bar.tsx';
import type { LettersFilter } from './asked.ts';
import { KINDS } from './words.ts';

interface LetterFiltersProps {
  filter: LettersFilter;
  /** what all letters have in common */
  counts: readonly LetterCountAnswer[];
  /** `typing` while a text grows */
  onChange: (part: Partial<LettersFilter>, how: 'step' | 'typing') => void;
}

/** Narrows the dead letters by what they are, where they were meant for, why they ended, and when. */
export function LetterFilters({ filter, counts, onChange }: LetterFiltersProps) {
  const change = (part: Partial<LettersFilter>, how: 'step' | 'typing' = 'step') =>
    onChange({ after: '', ...part }, how);
  const options = (of: (count: LetterCountAnswer) => string, says = (value: string) => value) =>
    optionsOf(counts, of).map(([value, count]) => [value, `${says(value)}, ${numberText(count)}`] as const);
  return (
    <form class="filters" aria-label="Filters" onSubmit={(event) => event.preventDefault()}>
      <Choose
        label="Kind"
        value={filter.kind}
        options={options(
          ({ kind }) => kind,
          (kind) => KINDS[kind]?.says ?? kind,
        )}
        onChange={(kind) => change({ kind })}
      />
      <Choose
        label="Destination"
        value={filter.destination}
        options={options(({ destination }) => destination)}
        onChange={(destination) => change({ destination })}
      />
      <Choose
        label="Reason"
        value={filter.why}
        options={options(({ why }) => why)}
        onChange={(why) => change({ why })}
      />
      <Choose
        label="Code"
        value={filter.code}
        options={options(({ code }) => (code === undefined ? '' : String(code)))}
        onChange={(code) => change({ code })}
      />
      <Choose
        label="Worth"
        value={filter.money}
        options={[
          ['true', 'money events'],
          ['false', 'others'],
        ]}
        onChange={(money) => change({ money })}
      />
      <SearchField
        id="filter-event"
        label="Event name"
        value={filter.event}
        onInput={(event) => change({ event }, 'typing')}
      />
      <div class="days">
        <Day label="From" value={filter.from} max={filter.to} onChange={(from) => change({ from })} />
        <Day label="To" value={filter.to} min={filter.from} onChange={(to) => change({ to })} />
      </div>
    </form>
  );
}

/** Each value that letters have, with how many have it, most first. */
function optionsOf(
  counts: readonly LetterCountAnswer[],
  of: (count: LetterCountAnswer) => string,
): (readonly [value: string, count: number])[] {
  const sums = new Map<string, number>();
  for (const one of counts) sums.set(of(one), (sums.get(of(one)) ?? 0) + one.count);
  sums.delete('');
  return [...sums].sort(([, a], [, b]) => b - a);
}
