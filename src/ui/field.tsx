import type { ComponentChildren } from 'preact';

interface Asked {
  /** also the name under which a form gives its value */
  name: string;
  /** of the form, so that names may stand twice on a page */
  form: string;
  label: string;
  hint?: ComponentChildren;
  error?: string | undefined;
}

/** One line of text, with what is wrong with it right below. */
export function TextField(props: Asked) {
  return (
    <Field {...props}>
      {(marks) => <input {...marks} class="input" type="text" autocomplete="off" spellcheck={false} required />}
    </Field>
  );
}

/** A number between two others. */
export function NumberField(props: Asked & { value: number; min: number; max: number }) {
  const { value, min, max } = props;
  return (
    <Field {...props}>
      {(marks) => (
        <input {...marks} class="input" type="number" defaultValue={value} min={min} max={max} step="any" required />
      )}
    </Field>
  );
}

/** One of a few, told in words. */
export function SelectField(
  props: Asked & {
    options: readonly (readonly [value: string, says: string])[];
    onChange?: (value: string) => void;
  },
) {
  return (
    <Field {...props}>
      {(marks) => (
        <select {...marks} class="select" onChange={(event) => props.onChange?.(event.currentTarget.value)}>
          {props.options.map(([value, says]) => (
            <option key={value} value={value}>
              {says}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}

/** Yes or no. */
export function CheckField({ name, form, label }: Asked) {
  return (
    <label class="check">
      <input type="checkbox" name={name} id={`${form}-${name}`} />
      {label}
    </label>
  );
}

interface Marks {
  id: string;
  name: string;
  'aria-invalid': boolean;
  'aria-describedby'?: string;
}

function Field({
  name,
  form,
  label,
  hint,
  error,
  children,
}: Asked & { children: (marks: Marks) => ComponentChildren }) {
  const id = `${form}-${name}`;
  const told = [hint && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(' ');
  return (
    <div class="field">
      <label for={id}>{label}</label>
      {children({ id, name, 'aria-invalid': error !== undefined, ...(told && { 'aria-describedby': told }) })}
      {hint && (
        <p class="hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
      {error && (
        <p class="wrong" id={`${id}-error`}>
          {error}
        </p>
      )}
    </div>
  );
}

interface SearchFieldProps {
  id: string;
  label: string;
  value: string;
  onInput: (text: string) => void;
}

/** Text that narrows a list while it is typed. */
export function SearchField({ id, label, value, onInput }: SearchFieldProps) {
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <input
        id={id}
        class="input"
        type="search"
        autocomplete="off"
        autocapitalize="off"
        spellcheck={false}
        value={value}
        onInput={(event) => onInput(event.currentTarget.value)}
      />
    </div>
  );
}
