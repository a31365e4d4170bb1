import { ErrorNote } from '../ui/notes.tsx';
import type { Failure } from './fetch.ts';

/** A failure in words; signed out, the way back in. */
export function FailureNote({ failure, onRetry }: { failure: Failure; onRetry?: () => void }) {
  if (failure.kind === 'signedOut') return <SignedOut />;
  return (
    <ErrorNote what={failure.what} fix={failure.fix}>
      {onRetry && (
        <span class="actions">
          <button type="button" class="button" onClick={onRetry}>
            Try again
          </button>
        </span>
      )}
    </ErrorNote>
  );
}

function SignedOut() {
  return (
    <section class="card empty" role="alert">
      <h2>You are signed out</h2>
      <p>
        Run <code>assay serve</code> on the machine that keeps the ledger and open the link it prints. The link signs
        this browser in.
      </p>
    </section>
  );
}
