import { zoneName } from '../../ui/clock.ts';
import { Loading } from '../../ui/notes.tsx';
import { PageHead } from '../../ui/shell.tsx';
import { TimeText, Zone } from '../../ui/time-text.tsx';
import { FailureNote } from '../failure-note.tsx';
import { DestinationCard } from './destination-card.tsx';
import { KeysCard } from './keys-card.tsx';
import { FilesCard, LimitsCard, ListenersCard, RetentionCard } from './set-up-cards.tsx';
import { useSettings } from './use-settings.ts';

/** Keys, destinations, and how this server is set up. */
export function Settings() {
  const { answer, failure, again } = useSettings();
  const signedOut = failure?.kind === 'signedOut';
  return (
    <Zone.Provider value={answer?.timezone ?? 'UTC'}>
      <PageHead title="Settings" says="Who may send, where it goes, and how this server is set up.">
        {answer && !signedOut && (
          <span class="quiet">
            As of <TimeText at={answer.asOf} />, times in {zoneName(answer.asOf, answer.timezone)}
          </span>
        )}
      </PageHead>
      {failure && <FailureNote failure={failure} onRetry={again} />}
      {!answer && !failure && <Loading what="Reading the settings" />}
      {answer && !signedOut && (
        <>
          <KeysCard keys={answer.keys} now={answer.asOf} onChange={again} />
          {answer.destinations.map((destination) => (
            <DestinationCard key={destination.id} destination={destination} onChange={again} />
          ))}
          <div class="pair">
            <ListenersCard listeners={answer.listeners} />
            <div class="stack">
              <RetentionCard retention={answer.retention} specFile={answer.specFile} version={answer.specVersion} />
              <LimitsCard limits={answer.limits} />
              <FilesCard files={answer.files} />
            </div>
          </div>
        </>
      )}
    </Zone.Provider>
  );
}
