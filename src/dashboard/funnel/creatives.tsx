import { useMemo } from 'preact/hooks';
import type { FunnelAnswer, FunnelRow } from '../../api/attribution.ts';
import { spanText } from '../../ui/duration.ts';
import { numberText } from '../../ui/number.ts';
import { intervalText, shareText } from '../../ui/share.ts';
import type { Sortable } from '../../ui/sort.ts';
import { SortedTable } from '../../ui/sorted-table.tsx';
import type { Column } from '../../ui/table.tsx';
import { lineKey } from '../attribution/asked.ts';
import type { Measure } from './asked.ts';

type Step = FunnelRow['steps'][number];

interface CreativesProps {
  answer: FunnelAnswer;
  measure: Measure;
  sort: string;
  open: string | undefined;
  onSort: (sort: string) => void;
  onOpen: (row: FunnelRow) => void;
}

/** One measure of each step, a line for each creative; a line opens to its ladder. */
export function Creatives({ answer, measure, sort, open, onSort, onOpen }: CreativesProps) {
  const { steps } = answer;
  const columns = useMemo(() => columnsOf(steps, measure), [steps, measure]);
  return (
    <SortedTable
      caption="The ladder by creative"
      columns={columns}
      rows={answer.rows}
      rowKey={funnelKey}
      open={open}
      onOpen={onOpen}
      sort={sort || '-step1'}
      onOrder={onSort}
    />
  );
}

/** Lines of one key may come through several channels. */
export function funnelKey({ key, channel, of }: FunnelRow): string {
  return `${key} ${channel} ${lineKey(of)}`;
}

export function funnelName({ key, name, channel }: FunnelRow): string {
  return name || key || (channel === '' ? 'no ad or link' : 'not known');
}

function columnsOf(steps: readonly string[], measure: Measure): Column<FunnelRow>[] {
  const shown = measure === 'visitors' ? steps : steps.slice(1);
  const first = steps.length - shown.length;
  return [
    {
      name: 'Creative',
      main: true,
      sort: { id: 'name', of: funnelName },
      cell: funnelName,
      sub: (row) => row.channel !== row.name && <bdi>{row.channel}</bdi>,
    },
    ...shown.map((name, place): Column<FunnelRow> => {
      const n = first + place;
      const inner = place > 0 && place < shown.length - 1;
      return {
        // Two steps may have one name, and a column is known by its own.
        name: steps.indexOf(name) === n ? name : `${name} (${n + 1})`,
        kind: 'number',
        ...(inner ? { from: 'tablet' } : {}),
        sort: { id: `step${n + 1}`, of: (row) => keyOf(row.steps[n], measure) },
        cell: (row) => <Cell step={row.steps[n]} first={row.steps[0]} measure={measure} />,
      };
    }),
  ];
}

function Cell({ step, first, measure }: { step: Step | undefined; first: Step | undefined; measure: Measure }) {
  if (!step) return <>–</>;
  switch (measure) {
    case 'visitors':
      return (
        <>
          {numberText(step.visitors)}
          <span class="share" aria-hidden="true">
            <span style={{ width: `${first && first.visitors > 0 ? (100 * step.visitors) / first.visitors : 0}%` }} />
          </span>
        </>
      );
    case 'rate':
      return step.rate === null ? (
        <>–</>
      ) : (
        <>
          {shareText(step.rate)}
          {step.low !== null && step.high !== null && <span class="sub">{intervalText(step.low, step.high)}</span>}
        </>
      );
    case 'dropped':
      return <>{step.dropped === null ? '–' : numberText(step.dropped)}</>;
    case 'median':
      return <>{step.medianMs === null ? '–' : spanText(step.medianMs)}</>;
  }
}

function keyOf(step: Step | undefined, measure: Measure): Sortable {
  switch (measure) {
    case 'visitors':
      return step?.visitors ?? null;
    case 'rate':
      return step?.rate ?? null;
    case 'dropped':
      return step?.dropped ?? null;
    case 'median':
      return step?.medianMs ?? null;
  }
}
