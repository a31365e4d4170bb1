import type { SettingsAnswer } from '../../api/answers.ts';
import { Confirm } from '../../ui/confirm.tsx';
import { Fact } from '../../ui/fact.tsx';
import { NumberField, TextField } from '../../ui/field.tsx';
import { TimeText } from '../../ui/time-text.tsx';
import { FailureNote } from '../failure-note.tsx';
import { wrongWith } from '../fetch.ts';
import { useAct } from './use-settings.ts';

type Destination = SettingsAnswer['destinations'][number];

const STATES: Readonly<Record<string, 'good' | 'busy' | 'bad'>> = {
  healthy: 'good',
  throttled: 'busy',
  halfOpen: 'busy',
  open: 'bad',
  paused: 'bad',
};

/** One place that events go to: its ids at TikTok, its token, how it does, and its test session. */
export function DestinationCard({ destination, onChange }: { destination: Destination; onChange: () => void }) {
  const { id, pixel, eventNames, crmEventSet, offlineEventSet, appId, token, tokenSet, state, why, test } = destination;
  return (
    <section class="card flush" aria-label={`Destination ${id}`}>
      <div class="card-head">
        <h2>Destination {id}</h2>
        <span class="state" data-is={tokenSet ? STATES[state] : 'bad'}>
          <span>{[tokenSet ? state : 'no token', why].filter(Boolean).join(': ')}</span>
        </span>
      </div>
      <div class="card-body">
        <dl class="facts two">
          <Fact name="Pixel">
            <code>{pixel}</code>
          </Fact>
          <Fact name="Event names">
            {eventNames === 'legacy' ? 'from before 2025, such as CompletePayment' : 'current, such as Purchase'}
          </Fact>
          <Fact name="Token">
            <code>{token}</code> {tokenSet ? 'is set' : 'is not set: put it into the environment and restart'}
          </Fact>
          <Fact name="CRM event set">{crmEventSet ?? 'none'}</Fact>
          <Fact name="Offline event set">{offlineEventSet ?? 'none'}</Fact>
          <Fact name="App">{appId ?? 'none'}</Fact>
        </dl>
      </div>
      {test ? <OpenTest id={id} test={test} onChange={onChange} /> : <NewTest id={id} onChange={onChange} />}
    </section>
  );
}

function OpenTest(props: { id: string; test: NonNullable<Destination['test']>; onChange: () => void }) {
  const { id, test, onChange } = props;
  const act = useAct();
  const close = async () => {
    const closed = await act.run('DELETE', `/v1/tests/${encodeURIComponent(id)}`);
    if (closed) onChange();
  };
  return (
    <div class="card-foot row between">
      <span>
        Drafts go to Test Events with the code <code>{test.code}</code> until <TimeText at={test.until} />.
      </span>
      <Confirm
        label="Close"
        of={`the test session of ${id}`}
        question="Drafts stay here from now on."
        yes="Close the session"
        busy={act.busy}
        onYes={close}
      />
      {act.failure && <FailureNote failure={act.failure} />}
    </div>
  );
}

function NewTest({ id, onChange }: { id: string; onChange: () => void }) {
  const act = useAct();
  const wrong = (field: string): string | undefined => wrongWith(act.failure, field);
  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    if (!(event.currentTarget instanceof HTMLFormElement)) return;
    const told = new FormData(event.currentTarget);
    const hours = Number(told.get('hours'));
    const opened = await act.run('POST', '/v1/tests', { destination: id, code: told.get('code'), hours });
    if (opened) onChange();
  };
  const form = `test-${id}`;
  return (
    <details class="card-foot">
      <summary>Open a test session</summary>
      <form class="form" onSubmit={submit}>
        {act.failure && !(wrong('code') ?? wrong('hours')) && <FailureNote failure={act.failure} />}
        <TextField
          form={form}
          name="code"
          label="Test code"
          hint="From Events Manager, Test Events: letters, digits, _ and -."
          error={wrong('code')}
        />
        <NumberField
          form={form}
          name="hours"
          label="Hours, at most 24"
          value={1}
          min={0.1}
          max={24}
          error={wrong('hours')}
        />
        <button type="submit" class="button primary" disabled={act.busy}>
          Open
        </button>
      </form>
    </details>
  );
}
