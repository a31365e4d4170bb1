import type { Statement } from '../../src/store/warehouse.ts';
import { lastTouch, type OracleTouch, view } from './oracle.ts';
import { type Lived, tiesOf } from './world-run.ts';

/** How near attribution came to what really was, in one world. */
export interface WorldFigures {
  seed: number;
  setting: string;
  people: number;
  visitors: number;
  touches: number;
  conversions: number;
  /** conversions that a touch earned, and that a touch of the true person would have */
  credited: number;
  truly: number;
  /** of both: the same touch */
  right: number;
}

/** Compares what was credited with the same rule told who everybody is. */
export function figuresOf({ world, observed, book, tail, spec, personOf }: Lived): WorldFigures {
  const standing = tail.standing as Statement;
  const { credits } = book.all(standing);
  const earned = new Map([...credits.conversion].map((conversion, n) => [conversion, credits.touch[n] as number]));
  const { touches, conversions } = view(observed, tiesOf(spec));
  const byPerson = Map.groupBy(touches, ({ touch }) => personOf.get(touch) as string);
  const rules = { ...standing.windows, precedence: standing.precedence };
  const rows = conversions.map((conversion) => {
    const own: readonly OracleTouch[] = byPerson.get(personOf.get(conversion.conversion) as string) ?? [];
    const truth = lastTouch(conversion, own, rules);
    return { says: earned.get(conversion.conversion) ?? 0, is: typeof truth === 'string' ? 0 : truth.touch };
  });
  return {
    ...{ seed: world.seed, setting: world.setting.name, people: new Set(personOf.values()).size },
    visitors: new Set(observed.events.map(({ visitor, seq }) => visitor ?? `~${seq}`)).size,
    ...{ touches: touches.length, conversions: rows.length },
    credited: rows.filter(({ says }) => says !== 0).length,
    truly: rows.filter(({ is }) => is !== 0).length,
    right: rows.filter(({ says, is }) => says !== 0 && says === is).length,
  };
}

/** A table in Markdown, a world a line. */
export function figuresTable(worlds: readonly WorldFigures[]): string {
  const share = (part: number, of: number): string => (of === 0 ? '' : `${((100 * part) / of).toFixed(1)} %`);
  const rows = worlds.map((one) => [
    ...[String(one.seed), one.setting, String(one.people), String(one.visitors), String(one.touches)],
    ...[String(one.conversions), String(one.credited), share(one.right, one.credited), share(one.right, one.truly)],
  ]);
  const heads = [
    ...['seed', 'world', 'people', 'visitors', 'touches', 'conversions', 'credited', 'precision', 'recall'],
  ];
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(heads), `|${heads.map(() => '---').join('|')}|`, ...rows.map(line)].join('\n');
}
