import type { LiveRow } from '../../api/answers.ts';
import { SearchField } from '../../ui/field.tsx';
import { choices, type Filter, VERDICTS } from './filter.ts';

/** Narrows the list by event, door, verdict, reason and any part of an id; Assay's own records come on request. */
export function FilterBar(props: { rows: readonly LiveRow[]; filter: Filter; onChange: (filter: Filter) => void }) {
  const { rows, filter, onChange } = props;
  const { events, doors, reasons } = choices(rows, filter);
  const change = (part: Partial<Filter>) => onChange({ ...filter, ...part });
  return (
    <form class="filters" aria-label="Filters" onSubmit={(event) => event.preventDefault()}>
      <Choice label="Event" value={filter.event} options={events} onChange={(event) => change({ event })} />
      <Choice label="Door" value={filter.door} options={doors} onChange={(door) => change({ door })} />
      <Choice label="Verdict" value={filter.verdict} options={VERDICTS} onChange={(verdict) => change({ verdict })} />
      <Choice label="Reason" value={filter.reason} options={reasons} onChange={(reason) => change({ reason })} />
      <SearchField id="filter-id" label="Id contains" value={filter.id} onInput={(id) => change({ id })} />
      <label class="check">
        <input
          type="checkbox"
          checked={filter.ours !== ''}
          onChange={(event) => change({ ours: event.currentTarget.checked ? 'too' : '' })}
        />
        Assay's own too
      </label>
      {(filter.draft !== '' || rows.some((row) => row.draft)) && (
        <label class="check">
          <input
            type="checkbox"
            checked={filter.draft !== ''}
            onChange={(event) => change({ draft: event.currentTarget.checked ? 'only' : '' })}
          />
          Drafts only
        </label>
      )}
    </form>
  );
}

interface ChoiceProps {
  label: string;
  value: string;
  options: readonly string[];
  onChange: (value: string) => void;
}

function Choice({ label, value, options, onChange }: ChoiceProps) {
  const id = `filter-${label.toLowerCase()}`;
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <select id={id} class="select" value={value} onChange={(event) => onChange(event.currentTarget.value)}>
        <option value="">All</option>
        {options.map((option) => (
          <option key={option} value={option}>
            {option}
          </option>
        ))}
      </select>
    </div>
  );
}
