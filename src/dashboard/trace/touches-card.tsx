import type { TraceTouch } from '../../api/answers.ts';
import type { JsonObject } from '../../event/event.ts';
import { type Column, DataTable } from '../../ui/table.tsx';
import { TimeText } from '../../ui/time-text.tsx';
import { IdLink } from '../id-link.tsx';

const KINDS = { click: 'Ad click', engagedView: 'Ad watched', view: 'Ad view' };

const columns: Column<TraceTouch>[] = [
  { name: 'When', kind: 'time', cell: (touch) => <TimeText at={touch.at} /> },
  {
    name: 'Contact',
    cell: (touch) =>
      `${[KINDS[touch.type], touch.target].filter(Boolean).join(' to ')}${touch.imported ? ', imported' : ''}`,
    sub: (touch) => adSays(touch.ad),
  },
  { name: 'Id', cell: (touch) => <IdLink id={touch.touch} /> },
];

/** Every contact with an ad by the visitor, in the session, or with the click id. */
export function TouchesCard({ touches }: { touches: readonly TraceTouch[] }) {
  if (touches.length === 0) return null;
  return (
    <section class="card flush">
      <div class="card-head">
        <h2>Ad contacts</h2>
        <span class="quiet">before and after, oldest first</span>
      </div>
      <DataTable caption="Ad contacts" columns={columns} rows={touches} rowKey={(touch) => touch.touch} />
    </section>
  );
}

function adSays(ad: JsonObject): string {
  return Object.entries(ad)
    .map(([name, value]) => `${name} ${typeof value === 'string' ? value : JSON.stringify(value)}`)
    .join(', ');
}
