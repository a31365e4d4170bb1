import { existsSync } from 'node:fs';
import { readTime } from '../admission/when.ts';
import { readSpecFile } from '../server/specs.ts';
import { type Explained, explain } from './explain.ts';
import type { Io } from './io.ts';

export interface ExplainOptions {
  spec?: string;
  now?: string;
  json?: boolean;
}

const SPEC_FILE = './tracking.yaml';

/** Reads events from a file or standard input. 0 when explained, 2 when the input can't be read. */
export async function explainCommand(file: string | undefined, options: ExplainOptions, io: Io): Promise<number> {
  const now = options.now === undefined ? io.now() : timeOf(options.now);
  if (now === undefined) return fault(io, `--now ${options.now} is not a time. Write ISO 8601 or Unix seconds.`);
  if (options.spec !== undefined && !existsSync(options.spec)) return fault(io, `${options.spec} does not exist.`);
  const text = await inputText(file, io);
  if (text === undefined) return fault(io, `${file} can’t be read. Check the name and the folder.`);
  let input: unknown;
  try {
    input = JSON.parse(text) as unknown;
  } catch (error) {
    return fault(io, `The input is not JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
  const path = options.spec ?? SPEC_FILE;
  const { spec } = readSpecFile(path);
  const results = await explain(Array.isArray(input) ? input : [input], spec, now);
  io.stdout(options.json ? `${JSON.stringify({ results })}\n` : results.map(words).join('\n'));
  return 0;
}

async function inputText(file: string | undefined, io: Io): Promise<string | undefined> {
  if (file === undefined) return io.stdin();
  try {
    return io.readFile(file);
  } catch {
    return undefined;
  }
}

function timeOf(text: string): number | undefined {
  const read = readTime(text, Number.MAX_SAFE_INTEGER, { warnAge: Number.POSITIVE_INFINITY });
  return read.problems.length > 0 ? undefined : read.at;
}

function words(result: Explained, index: number): string {
  const lines = [
    `${index + 1}. ${result.event['event'] ?? 'event'}: ${result.verdict} (${result.reasons.join(', ')})`,
    ...result.problems.map((problem) => `   ${problem.where} ${problem.what}: ${problem.fix}`),
    ...result.legs.map((leg) => `   ${leg.leg} leg to ${leg.destination}: ${leg.state} (${leg.why})`),
    ...(result.request ? [indent(JSON.stringify(result.request, null, 2))] : ['   no request to TikTok']),
  ];
  return `${lines.join('\n')}\n`;
}

function indent(text: string): string {
  return text.replace(/^/gm, '   ');
}

function fault(io: Io, what: string): number {
  io.stderr(`${what}\n`);
  return 2;
}
