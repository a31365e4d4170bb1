import { exponentOf } from './attribution.ts';
import type { Goal } from './goals.ts';
import type { Attribution, AttributionSize, Dashboard, OurStored, Stored } from './result.ts';

const PASS_SHARE = 0.5;
const WINDOW_TIMES = 1.5;
const ARGMAX_TIMES = 3;
const MEGABYTES = 3072;
const EXPONENT = 1.1;
const HOT_TIMES = 1.3;
const HOUR_MS = 100;
const DASHBOARD_P95_MS = 300;
const BARE_TIMES = 1.5;
const TASK_MS = 200;

/** What attribution promises. */
export function attributionGoals(found: Attribution): Goal[] {
  const { touches, conversions, sizes, hot, hour, dashboards, page } = found;
  const main = mainSize(found);
  const size = `${million(touches)} touches × ${million(conversions)} conversions`;
  const { bare, pass, ours, window, argmax } = main;
  const part = 'attribution';
  // Whoever asks something that only the facts can answer waits as long as the facts take.
  const bound = dashboards.filter(({ p95Ms, bareMs }) => bareMs === undefined || p95Ms > BARE_TIMES * bareMs);
  const slowest = bound.reduce((most, { p95Ms }) => Math.max(most, p95Ms), 0);
  return [
    {
      ...{ part, what: `the pass, share of a bare time-ordered one, ${size}`, measured: bare.seconds / pass.seconds },
      ...{ must: '≥', limit: PASS_SHARE, unit: '×', from: `${seconds(pass)} to ${seconds(bare)}`, where: '' },
    },
    {
      ...{ part, what: 'stored touches to stored credits, times DuckDB’s window form' },
      ...{ measured: ours.seconds / window.seconds, must: '≤', limit: WINDOW_TIMES, unit: '×' },
      ...{ from: `${seconds(ours)} to ${seconds(window)}`, where: stages(ours) },
    },
    {
      ...{ part, what: 'stored touches to stored credits, times DuckDB’s join + argmax' },
      ...{ measured: ours.seconds / argmax.seconds, must: '≤', limit: ARGMAX_TIMES, unit: '×' },
      ...{ from: `${seconds(ours)} to ${seconds(argmax)}`, where: '' },
    },
    {
      ...{ part, what: `its process’s memory, ${size}`, measured: ours.peakBytes / 2 ** 20 },
      ...{ must: '≤', limit: MEGABYTES, unit: 'MB', where: '' },
      from: `window form ${megabytes(window)}, join + argmax ${megabytes(argmax)}`,
    },
    {
      ...{ part, what: 'growth with the touches, as a power of them' },
      measured: exponentOf(sizes.map((one) => ({ touches: one.touches, seconds: one.ours.seconds }))),
      ...{ must: '≤', limit: EXPONENT, unit: '', where: '' },
      from: sizes.map((one) => `${million(one.touches)} ${seconds(one.ours)}`).join(', '),
    },
    {
      ...{
        part,
        what: 'one visitor with 0.5 % of everything, times without',
        measured: hot.ours.seconds / ours.seconds,
      },
      ...{ must: '≤', limit: HOT_TIMES, unit: '×', where: '' },
      from: `window form ${times(hot, main, 'window')}, join + argmax ${times(hot, main, 'argmax')}`,
    },
    {
      ...{
        part,
        what: 'an hour’s increment: its news taken in, credits made and committed',
        measured: hour.ms,
        must: '≤',
        limit: HOUR_MS,
      },
      ...{
        unit: 'ms',
        from: `${hour.touches} touches and ${hour.conversions} conversions; the first after a start ${hour.high.toFixed(0)} ms; with all texts of its facts committed, too, ${hour.allMs.toFixed(0)} ms`,
      },
      where: '',
    },
    {
      ...{
        part,
        what: `the slowest report’s p95, but for those within ${BARE_TIMES}× of bare SQL, ${size}`,
        measured: slowest,
        must: '≤',
        limit: DASHBOARD_P95_MS,
      },
      ...{
        unit: 'ms',
        from: dashboards.map(report).join(', '),
        where: '',
      },
    },
    {
      ...{ part, what: 'the longest task of its page in a browser, with 1,000 lines and 400 days' },
      ...{ measured: Math.max(...page.map(({ ms }) => ms)), must: '≤', limit: TASK_MS, unit: 'ms', where: '' },
      from: page.map(({ name, ms, high }) => `${name} ${ms.toFixed(0)} ms, at most ${high.toFixed(0)}`).join('; '),
    },
  ];
}

export function mainSize({ sizes, touches }: Attribution): AttributionSize {
  return sizes.find((size) => size.touches === touches) as AttributionSize;
}

function report({ name, p95Ms, bareMs }: Dashboard): string {
  const bare = bareMs === undefined ? '' : ` (bare SQL ${bareMs.toFixed(0)} ms)`;
  return `${name} ${p95Ms.toFixed(0)} ms${bare}`;
}

function stages({ load, pass, store, pairs }: OurStored): string {
  return `reading columns ${load.toFixed(2)} s, the pass and its rows ${pass.toFixed(2)} s, writing and committing ${store.toFixed(2)} s, where conversion and touch alone, which is all that the peers store, would take ${pairs.toFixed(2)} s`;
}

function times(hot: AttributionSize, main: AttributionSize, side: 'window' | 'argmax'): string {
  return `${(hot[side].seconds / main[side].seconds).toFixed(1)}×`;
}

function megabytes({ peakBytes }: Stored): string {
  return `${(peakBytes / 2 ** 20).toFixed(0)} MB`;
}

function seconds({ seconds: value }: Stored): string {
  return `${value.toFixed(2)} s`;
}

/** 20 million, or 200,000 where it is less. */
export function million(value: number): string {
  return value >= 1e6 ? `${value / 1e6} million` : value.toLocaleString('en-US');
}
