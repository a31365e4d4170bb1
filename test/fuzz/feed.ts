import { performance } from 'node:perf_hooks';
import fc from 'fast-check';
import type { Json } from '../../src/event/event.ts';
import { chance as chanceOf, mixSeed } from '../../src/sim/world/random.ts';
import { mutateBytes, mutateText, mutateValue } from './mutate.ts';
import type { Fuzzed, Result } from './parser.ts';
import { FORMS } from './words.ts';

/** No reading takes longer: whoever sends many of the slowest inputs must not hold up everybody else. */
export const READ_MS_MAX = 50;
const REPEATS = 3;
/** One broken parser would fill the screen. */
const FAULTS_MAX = 3;

export interface Report {
  name: string;
  inputs: number;
  accepted: number;
  refused: number;
  slowestMs: number;
  faults: string[];
}

/** Feeds one parser with inputs made from a seed: the same seed, the same inputs. */
export async function fuzz(parser: Fuzzed, seed: number, inputs: number): Promise<Report> {
  const report: Report = { name: parser.name, inputs: 0, accepted: 0, refused: 0, slowestMs: 0, faults: [] };
  const made = inputsOf(parser, seed);
  for (; report.inputs < inputs && report.faults.length < FAULTS_MAX; report.inputs++) {
    const { input, whole } = made(report.inputs);
    const fault = await feed(parser, input, whole, report);
    if (fault !== undefined) report.faults.push(`${fault} (seed ${seed}, input ${report.inputs}): ${shown(input)}`);
  }
  return report;
}

async function feed(parser: Fuzzed, input: unknown, whole: boolean, report: Report): Promise<string | undefined> {
  const { readMsMax = READ_MS_MAX } = parser;
  try {
    const [ms, result] = await timed(parser, input);
    if (result.accepted) report.accepted++;
    else report.refused++;
    let fastestMs = ms;
    // Only what is slow every time is slow: the machine has other things to do.
    for (let n = 0; n < REPEATS && fastestMs > Math.min(readMsMax, report.slowestMs); n++)
      fastestMs = Math.min(fastestMs, (await timed(parser, input))[0]);
    report.slowestMs = Math.max(report.slowestMs, fastestMs);
    if (fastestMs > readMsMax) return `took ${Math.round(fastestMs)} ms`;
    return leakOf(result.kept, whole);
  } catch (error) {
    report.refused++;
    if (parser.mayThrow?.(error)) return undefined;
    return `threw ${error instanceof Error ? `${error.name}: ${error.message}` : String(error)}`;
  }
}

async function timed(parser: Fuzzed, input: unknown): Promise<[ms: number, result: Result]> {
  const from = performance.now();
  const reading = parser.read(input as never);
  const result = reading instanceof Promise ? await reading : reading;
  return [performance.now() - from, result];
}

/** A contact in what is kept. One that was told glued to other text is a phone number for nobody. */
function leakOf(kept: unknown, whole: boolean): string | undefined {
  if (kept === undefined) return undefined;
  const text = JSON.stringify(kept).toLowerCase();
  const form = FORMS.find((one) => text.includes(one) && (whole || one.includes('contact')));
  return form === undefined ? undefined : `kept ${form}`;
}

/** The nth input of a parser; `whole` where a contact in it stands by itself. */
function inputsOf(parser: Fuzzed, seed: number): (n: number) => { input: unknown; whole: boolean } {
  const seeds = parser.seeds;
  const values = parser.takes === 'json' ? seeds.map((text) => JSON.parse(text) as Json) : [];
  let invented: unknown[] = [];
  return (n) => {
    if (n % INVENTED === 0)
      invented = fc.sample(ARBITRARIES[parser.takes], { seed: mixSeed(seed, n), numRuns: INVENTED });
    const chance = chanceOf(mixSeed(seed, n));
    if (n < seeds.length) return { input: given(parser, seeds[n] ?? ''), whole: true };
    if (chance.in(0.15)) return { input: invented[n % INVENTED], whole: true };
    const text = seeds[chance.between(0, seeds.length - 1)] ?? '';
    if (parser.takes === 'text') return { input: mutateText(text, seeds, chance), whole: false };
    if (parser.takes === 'bytes') return { input: mutateBytes(text, seeds, chance), whole: false };
    if (chance.in(0.2)) return { input: decoded(mutateBytes(text, seeds, chance)), whole: false };
    return { input: mutateValue(values[chance.between(0, values.length - 1)] ?? null, values, chance), whole: true };
  };
}

const INVENTED = 250;
const ARBITRARIES: Record<Fuzzed['takes'], fc.Arbitrary<unknown>> = {
  json: fc.jsonValue({ maxDepth: 6, stringUnit: 'binary' }),
  text: fc.string({ unit: 'binary', maxLength: 300 }),
  bytes: fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
};

function given(parser: Fuzzed, text: string): unknown {
  if (parser.takes === 'json') return JSON.parse(text);
  return parser.takes === 'text' ? text : Buffer.from(text);
}

/** As a door decodes a body; what is no JSON is a value like any other for the parser behind it. */
function decoded(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch {
    return bytes.toString('latin1');
  }
}

function shown(input: unknown): string {
  const text = Buffer.isBuffer(input)
    ? input.toString('latin1')
    : typeof input === 'string'
      ? input
      : JSON.stringify(input);
  return JSON.stringify(text.length > 400 ? `${text.slice(0, 400)}… (${text.length})` : text);
}

/** How many of all inputs each parser gets. */
export function shared(parsers: readonly Fuzzed[], inputs: number): Map<Fuzzed, number> {
  const all = parsers.reduce((sum, { share }) => sum + share, 0);
  const counts = new Map(parsers.map((parser) => [parser, Math.max(1, Math.floor((inputs * parser.share) / all))]));
  const [first] = parsers;
  const given = [...counts.values()].reduce((sum, count) => sum + count, 0);
  // What rounding left over, so that they add up.
  if (first) counts.set(first, Math.max(1, (counts.get(first) ?? 0) + inputs - given));
  return counts;
}
