import type { WindowsAnswer } from '../../api/attribution.ts';
import { SAMPLE_MIN } from './evidence.ts';
import { agoText } from './path-says.ts';

/** Sentences about losses: the rest stands in the table. */
const LOSSES_MAX = 4;

/** What the figures are evidence for, and what they are not. */
export function windowsSay(
  of: Pick<WindowsAnswer, 'windows' | 'lag' | 'ranks' | 'conversions'> & { count: string; model: string },
): string[] {
  const widest = of.windows.find((window) => window.widest);
  const credited = widest ? widest.earned.conversions + widest.views.conversions : 0;
  const rule = ruleSays(of);
  if (!widest || credited < SAMPLE_MIN)
    return [
      `The widest windows credit ${credited} of ${of.conversions} conversions. From fewer than ${SAMPLE_MIN} nothing follows about which window is better: any difference here may be chance.`,
      ...rule,
    ];
  return [...lossesSay(of.windows, widest, credited), ...lagSays(of.lag), ...ranksSay(of), ...rule];
}

type Window = WindowsAnswer['windows'][number];

/** Shorter clicks beside the widest windows of the other kinds: one thing differs. */
function lossesSay(windows: readonly Window[], widest: Window, credited: number): string[] {
  const shorter = windows.filter(
    (window) => !window.widest && window.engagedView === widest.engagedView && window.view === widest.view,
  );
  return shorter.slice(0, LOSSES_MAX).map(({ click, lost }) => {
    if (lost.conversions === 0)
      return `Clicks of ${click} credit as much as clicks of ${widest.click}: none of ${credited} conversions is lost, so at most ${percent(lost.high)} would be.`;
    return `Clicks of ${click} instead of ${widest.click} lose ${lost.conversions} of ${credited} credited conversions: ${percent(lost.share)}, and with 95 % confidence ${percent(lost.low)} to ${percent(lost.high)}.`;
  });
}

/** When most had come; where the band does not reach, nothing is said. */
function lagSays(lag: WindowsAnswer['lag']): string[] {
  const clicks = lag.find(({ kind }) => kind === 'click');
  if (!clicks || clicks.conversions < SAMPLE_MIN) return [];
  const half = clicks.points.find(({ low }) => low >= 0.5);
  const most = clicks.points.find(({ low }) => low >= 0.9);
  const says = half ? [`Half of the conversions come within ${agoText(half.ageMs)} of the last click`] : [];
  if (says.length > 0 && most) says.push(`nine of ten within ${agoText(most.ageMs)}`);
  return says.length > 0
    ? [`${says.join(', and ')} (95 % confidence).`]
    : [`${clicks.conversions} conversions with a click are too few to tell when half of them come.`];
}

/** A change of places is news only where campaigns differ by more than chance; their counts say that. */
function ranksSay({ ranks }: Pick<WindowsAnswer, 'ranks'>): string[] {
  const [first] = ranks;
  if (!first) return ['No campaign changes its rank between these windows.'];
  const names = ranks.slice(0, 3).map(({ name, key }) => JSON.stringify(name || key || 'unknown'));
  const more = ranks.length > names.length ? ` and ${ranks.length - names.length} more` : '';
  const clear = ranks.filter(({ isClear }) => isClear).length;
  return [
    clear > 0
      ? `${names.join(', ')}${more} stand at another rank in other windows; for ${clear} of them the difference is more than chance.`
      : `${names.join(', ')}${more} stand at another rank in other windows, but the intervals of their counts overlap: it can’t be told whether that is more than chance.`,
  ];
}

function ruleSays({ count, model }: { count: string; model: string }): string[] {
  const says: string[] = [];
  if (model !== 'last')
    says.push(`Windows are compared by last touch, whatever the model (${model}) of the other figures.`);
  if (count === 'once') says.push('Every conversion counts here, though the other figures count one of each touch.');
  return says;
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}
