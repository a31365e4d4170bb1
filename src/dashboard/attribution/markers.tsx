import type { MarkerAnswer } from '../../api/attribution.ts';
import { daySays } from './words.ts';

/** What became of the rules in the days shown, in words; nothing where nothing did. */
export function MarkerList({ markers }: { markers: readonly MarkerAnswer[] }) {
  if (markers.length === 0) return null;
  return (
    <ul class="sentences" aria-label="Changes of the spec">
      {markers.map((marker) => (
        <li key={`${marker.day} ${marker.version} ${marker.what}`}>
          <b>{daySays(marker.day)}</b> <span>{markerSays(marker)}:</span> <bdi>{marker.says.join('; ')}</bdi>
        </li>
      ))}
    </ul>
  );
}

/** The same in a card of its own, beside figures that no drawing by day belongs to. */
export function MarkersCard({ markers }: { markers: readonly MarkerAnswer[] }) {
  if (markers.length === 0) return null;
  return (
    <section class="card flush" aria-label="The spec in these days">
      <div class="card-head">
        <h2>The spec in these days</h2>
        <span class="quiet">figures before and after a change may not compare</span>
      </div>
      <div class="card-body">
        <MarkerList markers={markers} />
      </div>
    </section>
  );
}

/** `spec version 7 became active`. */
export function markerSays({ what, version }: MarkerAnswer): string {
  return what === 'activated' ? `spec version ${version} became active` : `the freeze of spec version ${version} ended`;
}
