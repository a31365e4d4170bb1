import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Compared, Result } from './comparison.ts';
import type { Progress } from './progress.ts';

const ASSAY = fileURLToPath(new URL('../../bin/assay.js', import.meta.url));

/** Models by how a reference calls them; the options of the command. */
const MODELS: readonly (readonly [RegExp, (match: RegExpExecArray) => string[]])[] = [
  [/^first/, () => ['--model', 'first']],
  [/^last/, () => ['--model', 'last']],
  [/^linear/, () => ['--model', 'linear']],
  [/^position/, () => ['--model', 'position']],
  [/decay/, () => ['--model', 'decay']],
  [/^shapley/, () => ['--model', 'shapley']],
  [/^markov_order_([123])$/, ([, order = '1']) => ['--model', 'markov', '--order', order]],
];

/** The reference is written with six digits: half of the last one is nobody's fault. */
const WRITTEN = 0.500001e-6;
const RELATIVE = 1e-6;

interface Reference {
  models: Record<string, Record<string, Record<string, number>>>;
}

/** Credits a file of paths with the command, by every model of a reference, and compares each channel. */
export async function checkPaths({ paths, truth }: { paths: string; truth: string }, say: Progress): Promise<Result> {
  const { models } = JSON.parse(readFileSync(truth, 'utf8')) as Reference;
  const result: Result = { figures: [], notes: [], problems: [] };
  for (const [name, channels] of Object.entries(models)) {
    const options = optionsOf(name);
    if (!options) {
      result.notes.push(`The reference's model ${name} is none of ours.`);
      continue;
    }
    say(`crediting by ${name}`);
    const credited = credits(paths, options);
    for (const channel of new Set([...Object.keys(channels), ...credited.keys()])) {
      const expected = channels[channel] ?? {};
      const found = credited.get(channel) ?? { conversions: 0, value: 0 };
      const value = expected['value'] ?? expected['value_if_split_by_conversion_weights'];
      result.figures.push(compared(`${name} ${channel} conversions`, expected['conversions'] ?? 0, found.conversions));
      if (value !== undefined) result.figures.push(compared(`${name} ${channel} value`, value, found.value));
    }
  }
  return result;
}

function optionsOf(model: string): string[] | undefined {
  for (const [pattern, options] of MODELS) {
    const match = pattern.exec(model);
    if (match) return options(match);
  }
  return undefined;
}

function credits(paths: string, options: readonly string[]): Map<string, { conversions: number; value: number }> {
  const out = execFileSync(process.execPath, [ASSAY, 'attribute', '--paths', paths, ...options, '--json']);
  const { rows } = JSON.parse(out.toString('utf8')) as {
    rows: { channel: string; conversions: number; value: number }[];
  };
  return new Map(rows.map(({ channel, ...sums }) => [channel, sums]));
}

function compared(what: string, expected: number, found: number): Compared {
  const difference = Math.abs(found - expected);
  return {
    ...{ what, expected: expected.toFixed(6), found: found.toFixed(6), difference: (found - expected).toFixed(6) },
    ...{ ok: difference <= Math.max(WRITTEN, RELATIVE * Math.abs(expected)), isFine: true },
  };
}
