import type { Filter } from './filter.ts';

export interface FilterBarProps {
  filter: Filter;
  /** what a status may be, in its order, with its words */
  statuses: readonly (readonly [status: string, says: string])[];
  /** what the ids belong to, such as `Order` */
  of: string;
  /** `typing` while a text grows */
  onChange: (filter: Filter, how: 'step' | 'typing') => void;
}

/** Narrows a list of the books by status, the beginning of an id, and days. */
export function FilterBar({ filter, statuses, of, onChange }: FilterBarProps) {
  const change = (part: Partial<Filter>, how: 'step' | 'typing' = 'step') =>
    onChange({ ...filter, after: '', ...part }, how);
  const known = statuses.some(([status]) => status === filter.status);
  return (
    <form class="filters" aria-label="Filters" onSubmit={(event) => event.preventDefault()}>
      <div class="field">
        <label for="filter-status">Status</label>
        <select
          id="filter-status"
          class="select"
          value={filter.status}
          onChange={(event) => change({ status: event.currentTarget.value })}
        >
          <option value="">All</option>
          {!known && filter.status !== '' && <option value={filter.status}>{filter.status}</option>}
          {statuses.map(([status, says]) => (
            <option key={status} value={status}>
              {says}
            </option>
          ))}
        </select>
      </div>
      <div class="field">
        <label for="filter-id">{of} id begins with</label>
        <input
          id="filter-id"
          class="input"
          type="search"
          autocomplete="off"
          autocapitalize="off"
          spellcheck={false}
          value={filter.id}
          onInput={(event) => change({ id: event.currentTarget.value }, 'typing')}
        />
      </div>
      <Day label="From" value={filter.from} max={filter.to} onChange={(from) => change({ from })} />
      <Day label="To" value={filter.to} min={filter.from} onChange={(to) => change({ to })} />
    </form>
  );
}

interface DayProps {
  label: string;
  value: string;
  min?: string;
  max?: string;
  onChange: (day: string) => void;
}

function Day({ label, value, min, max, onChange }: DayProps) {
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
