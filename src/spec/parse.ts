import type { Parsed, Problem } from '../event/problem.ts';
import { buildSpec } from './build.ts';
import { type Path, readYaml, type Yaml } from './document.ts';
import { parseRate } from './kinds.ts';
import { parseRates, sortedRates } from './rates.ts';
import { readBySchema } from './read.ts';
import { crossCheck } from './rules.ts';
import { TRACKING_FILE, type TrackingFile } from './shape.ts';
import type { Rate, Spec } from './spec.ts';
import { specHash } from './version.ts';

/** Reads a tracking file: the spec, or every problem with its line and column. Activation gives it its version. */
export function parseSpec(text: string, options: { rates?: (file: string) => string | undefined } = {}): Parsed<Spec> {
  const yaml = readYaml(text);
  if (!yaml.readable) return { ok: false, problems: inOrder(yaml.problems) };
  const reading = readBySchema(yaml, TRACKING_FILE);
  const file = reading.value as TrackingFile;
  const { rates, problems: rateProblems } = readRates(file, yaml, reading.faulty, options.rates);
  const meaning = buildSpec(file, rates);
  const problems = [
    ...yaml.problems,
    ...reading.problems,
    ...rateProblems,
    ...crossCheck(meaning, yaml, reading.faulty),
  ];
  if (problems.length > 0) return { ok: false, problems: inOrder(problems) };
  return { ok: true, value: { ...meaning, version: 1, hash: specHash(meaning) } };
}

function inOrder(problems: Problem[]): Problem[] {
  return problems.toSorted((a, b) => (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0));
}

const RATES: Path = ['money', 'rates'];

function readRates(
  file: TrackingFile,
  yaml: Yaml,
  faulty: Path[],
  read: ((file: string) => string | undefined) | undefined,
): { rates: Rate[]; problems: Problem[] } {
  const { rates } = file.money;
  if (typeof rates !== 'string') {
    const listed = Object.entries(rates).flatMap(([currency, text]) => {
      const parsed = parseRate(text);
      return parsed ? [{ currency, ...parsed }] : [];
    });
    return { rates: sortedRates(listed), problems: [] };
  }
  if (faulty.some((path) => path.join() === RATES.join())) return { rates: [], problems: [] };
  const text = read?.(rates);
  if (text === undefined) {
    const fault = {
      code: 'rates_unreadable',
      what: `names ${rates}, which cannot be read`,
      fix: 'Put the file beside this one, or write the rates here.',
    };
    return { rates: [], problems: [yaml.problem(RATES, 'value', fault)] };
  }
  const { rates: found, faults } = parseRates(rates, text);
  return {
    rates: sortedRates(found),
    problems: faults.map((fault) => ({ ...yaml.problem(RATES, 'value', fault), where: fault.where })),
  };
}
