import type { NewKeyAnswer } from '../../api/answers.ts';
import { CheckField, SelectField, TextField } from '../../ui/field.tsx';
import { FailureNote } from '../failure-note.tsx';
import { wrongWith } from '../fetch.ts';
import { ROLES } from './key-state.ts';
import { useAct } from './use-settings.ts';

/** Asks for a key; what is wrong stands where the field is. */
export function NewKey({ onMade }: { onMade: (made: NewKeyAnswer) => void }) {
  const act = useAct();
  const wrong = (field: string): string | undefined => wrongWith(act.failure, field);
  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    const form = event.currentTarget;
    if (!(form instanceof HTMLFormElement)) return;
    const told = new FormData(form);
    const asked = { role: told.get('role'), name: told.get('name'), draft: told.get('draft') !== null };
    const made = await act.run<NewKeyAnswer>('POST', '/v1/keys', asked);
    if (!made) return;
    form.reset();
    onMade(made);
  };
  const placed = wrong('role') ?? wrong('name');
  return (
    <details class="card-foot">
      <summary>New key</summary>
      <form class="form" onSubmit={submit}>
        {act.failure && !placed && <FailureNote failure={act.failure} />}
        <SelectField form="new-key" name="role" label="For" options={ROLES} error={wrong('role')} />
        <TextField
          form="new-key"
          name="name"
          label="Name"
          hint="What it is for, such as shop server: a letter, then letters, digits, spaces, dots, _ and -."
          error={wrong('name')}
        />
        <CheckField form="new-key" name="draft" label="Drafts only: nothing told with it counts" />
        <button type="submit" class="button primary" disabled={act.busy}>
          Make the key
        </button>
      </form>
    </details>
  );
}
