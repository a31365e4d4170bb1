import type { LeadsAnswer } from '../../api/books.ts';
import { countText } from '../../ui/number.ts';
import { TimeText } from '../../ui/time-text.tsx';

type Told = Pick<LeadsAnswer, 'freeze' | 'attempt' | 'breaks'>;

/** What the spec keeps as it is, who tried to change it, and where it was changed all the same. */
export function FreezeNotes({ answer: { freeze, attempt, breaks = [] } }: { answer: Told }) {
  return (
    <>
      {breaks.length > 0 && (
        <section class="note" data-is="warn" aria-label="Breaks of the scale">
          <h2>The scale was changed while it was frozen</h2>
          <p>Figures before and after do not compare.</p>
          <ul class="sentences">
            {breaks.map((one) => (
              <li key={one.version}>
                Version {one.version}, <TimeText at={one.at} as="full" />, because <q>{one.because}</q>
                {one.by !== undefined && (
                  <>
                    , by <b>{one.by}</b>
                  </>
                )}
                <Parts what={one.what} />
              </li>
            ))}
          </ul>
        </section>
      )}
      {attempt && (
        <section class="note" data-is="error" aria-label="Refused change">
          <h2>A change of what is frozen was refused</h2>
          <p>
            <bdi>{attempt.what}</bdi>
          </p>
          <p class="quiet">
            {countText(attempt.times, 'time')}, last <TimeText at={attempt.at} as="full" />. The spec before it goes on.
          </p>
        </section>
      )}
      {freeze && (
        <section class="note" data-is="info" aria-label="Freeze">
          <h2>
            Frozen until <bdi>{freeze.until}</bdi>
          </h2>
          <p>
            Because <q>{freeze.because}</q>. Until then these stay as they are:
          </p>
          <Parts what={freeze.what} />
        </section>
      )}
    </>
  );
}

function Parts({ what }: { what: readonly string[] }) {
  return (
    <ul class="row">
      {what.map((part) => (
        <li key={part}>
          <code>{part}</code>
        </li>
      ))}
    </ul>
  );
}
