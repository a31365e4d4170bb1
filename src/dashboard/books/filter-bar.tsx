import { SearchField } from '../../ui/field.tsx';
import type { Filter } from './filter.ts';

/** A value that rows of the list have in common. */
export interface Choice {
  field: 'currency' | 'provider' | 'shop' | 'session' | 'age';
  label: string;
  options: readonly (readonly [value: string, says: string])[];
}

interface FilterBarProps {
  filter: Filter;
  /** what a status may be, in its order, with its words */
  statuses: readonly (readonly [status: string, says: string])[];
  /** what the ids belong to, such as `Order` */
  of: string;
  /** what else the list can be narrowed to */
  choices?: readonly Choice[];
  /** `typing` while a text grows */
  onChange: (filter: Filter, how: 'step' | 'typing') => void;
}

/** Narrows a list of the books by status, the beginning of an id, days, and what else there is to choose from. */
export function FilterBar({ filter, statuses, of, choices = [], onChange }: FilterBarProps) {
  const change = (part: Partial<Filter>, how: 'step' | 'typing' = 'step') =>
    onChange({ ...filter, after: '', ...part }, how);
  return (
    <form class="filters" aria-label="Filters" onSubmit={(event) => event.preventDefault()}>
      <Choose label="Status" value={filter.status} options={statuses} onChange={(status) => change({ status })} />
      <SearchField
        id="filter-id"
        label={`${of} id begins with`}
        value={filter.id}
        onInput={(id) => change({ id }, 'typing')}
      />
      {choices.map(({ field, label, options }) => (
        <Choose
          key={field}
          label={label}
          value={filter[field]}
          options={options}
          onChange={(picked) => change({ [field]: picked })}
        />
      ))}
      <div class="days">
        <Day label="From" value={filter.from} max={filter.to} onChange={(from) => change({ from })} />
        <Day label="To" value={filter.to} min={filter.from} onChange={(to) => change({ to })} />
      </div>
    </form>
  );
}

interface ChooseProps {
  label: string;
  value: string;
  options: readonly (readonly [value: string, says: string])[];
  /** words of no choice at all; null where there is no such thing */
  all?: string | null;
  onChange: (value: string) => void;
}

/** One of some values, or all; a value that is none of them stays to be seen. */
export function Choose({ label, value, options, all = 'All', onChange }: ChooseProps) {
  const id = `filter-${label.toLowerCase().replaceAll(' ', '-')}`;
  const known = value === '' || options.some(([option]) => option === value);
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <select id={id} class="select" value={value} onChange={(event) => onChange(event.currentTarget.value)}>
        {all !== null && <option value="">{all}</option>}
        {!known && <option value={value}>{value}</option>}
        {options.map(([option, says]) => (
          <option key={option} value={option}>
            {says}
          </option>
        ))}
      </select>
    </div>
  );
}

interface DayProps {
  label: string;
  value: string;
  min?: string;
  max?: string;
  onChange: (day: string) => void;
}

export function Day({ label, value, min, max, onChange }: DayProps) {
  const id = `filter-${label.toLowerCase()}`;
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <input
        id={id}
        class="input"
        type="date"
        value={value}
        {...(min && { min })}
        {...(max && { max })}
        onChange={(event) => onChange(event.currentTarget.value)}
      />
    </div>
  );
}
