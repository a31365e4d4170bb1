import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { NewKeyAnswer, SettingsKey } from '../../api/answers.ts';
import { Badge } from '../../ui/badge.tsx';
import { Confirm } from '../../ui/confirm.tsx';
import { CopyButton } from '../../ui/copy-button.tsx';
import { SelectField } from '../../ui/field.tsx';
import { TimeText } from '../../ui/time-text.tsx';
import { FailureNote } from '../failure-note.tsx';
import { GRACES, inOrder, keyState, opens } from './key-state.ts';
import { NewKey } from './new-key.tsx';
import { useAct } from './use-settings.ts';

const ROTATION_GRACE = '24h';

/** The keys that open our doors. The text of a new one is shown once, here. */
export function KeysCard(props: { keys: readonly SettingsKey[]; now: number; onChange: () => void }) {
  const { keys, now, onChange } = props;
  const [made, setMade] = useState<NewKeyAnswer | undefined>(undefined);
  const act = useAct();

  const end = async (key: SettingsKey, grace: string) => {
    const ended = await act.run('DELETE', `/v1/keys/${encodeURIComponent(key.id)}?grace=${grace}`);
    if (ended) onChange();
  };
  // The new key comes first: whatever fails after that, one of the two opens the doors.
  const rotate = async (key: SettingsKey) => {
    const { role, name, draft } = key;
    const next = await act.run<NewKeyAnswer>('POST', '/v1/keys', { role, name, draft });
    if (!next) return;
    setMade(next);
    onChange();
    await end(key, ROTATION_GRACE);
  };

  return (
    <section class="card flush" aria-label="Keys">
      <div class="card-head">
        <h2>Keys</h2>
        <span class="quiet">only their SHA-256 is kept</span>
      </div>
      {made && <Made made={made} onDone={() => setMade(undefined)} />}
      {act.failure && <FailureNote failure={act.failure} />}
      {keys.length === 0 && <p class="empty">There is no key: nothing can be told by pages or servers.</p>}
      <ul class="entries">
        {inOrder(keys, now).map((key) => (
          <li key={key.id}>
            <KeyFacts of={key} />
            <KeyState of={key} now={now} />
            {key.from === 'operator' && keyState(key, now) === 'open' && (
              <Acts
                of={key}
                busy={act.busy}
                onEnd={(grace) => void end(key, grace)}
                onRotate={() => void rotate(key)}
              />
            )}
          </li>
        ))}
      </ul>
      <NewKey
        onMade={(next) => {
          setMade(next);
          onChange();
        }}
      />
    </section>
  );
}

function KeyFacts({ of }: { of: SettingsKey }) {
  return (
    <div class="entry">
      <strong>{of.name}</strong> {of.draft && <Badge is="draft" />} <code class="quiet">{of.id}</code>
      <div class="quiet">
        For {opens(of.role)}
        {of.createdAt !== undefined && (
          <>
            , made <TimeText at={of.createdAt} />
          </>
        )}
        ,{' '}
        {of.usedAt === undefined ? (
          'not used since the server started'
        ) : (
          <>
            last used <TimeText at={of.usedAt} />
          </>
        )}
        {of.from === 'environment' && '. It ends when the variable is changed and the server restarted'}.
      </div>
    </div>
  );
}

const TONES = { open: 'good', ending: 'busy', ended: 'off' } as const;

function KeyState({ of, now }: { of: SettingsKey; now: number }) {
  const state = keyState(of, now);
  return (
    <span class="state" data-is={TONES[state]}>
      <span>
        {state}
        {of.endsAt !== undefined && (
          <>
            {' '}
            <TimeText at={of.endsAt} />
          </>
        )}
      </span>
    </span>
  );
}

function Acts(props: { of: SettingsKey; busy: boolean; onEnd: (grace: string) => void; onRotate: () => void }) {
  const { of, busy, onEnd, onRotate } = props;
  const [grace, setGrace] = useState<string>(GRACES[0][0]);
  return (
    <div class="row">
      <Confirm
        label="Rotate"
        of={of.name}
        question="A new key of the same kind is made. This one goes on opening doors for 24 hours."
        yes="Make the new key"
        busy={busy}
        onYes={onRotate}
      />
      <Confirm
        label="End"
        of={of.name}
        question="The key opens nothing any more. It can’t be given back."
        yes="End the key"
        busy={busy}
        onYes={() => onEnd(grace)}
      >
        <SelectField form={of.id} name="grace" label="When" options={GRACES} onChange={setGrace} />
      </Confirm>
    </div>
  );
}

function Made({ made, onDone }: { made: NewKeyAnswer; onDone: () => void }) {
  const heading = useRef<HTMLHeadingElement>(null);
  useLayoutEffect(() => heading.current?.focus(), []);
  return (
    <div class="card-body">
      <div class="note" data-is="info">
        <h3 ref={heading} tabIndex={-1}>
          <bdi>{made.name}</bdi>: copy the key now, it is not shown again
        </h3>
        <p class="secret">
          <code>{made.key}</code>
          <CopyButton of="the key" text={made.key} />
          <button type="button" class="button quiet" onClick={onDone}>
            I have it
          </button>
        </p>
      </div>
    </div>
  );
}
