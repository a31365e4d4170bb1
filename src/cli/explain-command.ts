import { existsSync } from 'node:fs';
import { readSpecFile } from '../server/specs.ts';
import { type Explained, explain } from './explain.ts';
import type { Io } from './io.ts';
import { readClock, SPEC_FILE } from './read-clock.ts';

export interface ExplainOptions {
  spec?: string;
  now?: string;
  json?: boolean;
}

/** Reads events from a file or standard input. 0 when explained, 2 when the input can't be read. */
export async function explainCommand(file: string | undefined, options: ExplainOptions, io: Io): Promise<number> {
  const now = options.now === undefined ? io.now() : readClock(options.now);
  if (now === undefined) return fault(io, `--now ${options.now} is not a time. Write ISO 8601 or Unix seconds.`);
  if (options.spec !== undefined && !existsSync(options.spec)) return fault(io, `${options.spec} does not exist.`);
  const text = await inputText(file, io);
  if (text === undefined) return fault(io, `${file} can’t be read. Check the name and the folder.`);
  let input: unknown;
  try {
    input = JSON.parse(text) as unknown;
  } catch (error) {
    return fault(io, notJson(error));
  }
  const path = options.spec ?? SPEC_FILE;
  const { spec } = readSpecFile(path);
  const inputs: unknown[] = Array.isArray(input) ? input : [input];
  const results = await explain(inputs, spec, now);
  io.stdout(
    options.json
      ? `${JSON.stringify({ results })}\n`
      : results.map((result, index) => words(result, nameOf(inputs[index]), index)).join('\n'),
  );
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

/** Where the text stops being JSON. The text itself is not repeated: it may hold contacts. */
function notJson(error: unknown): string {
  const at = /\(line \d+ column \d+\)/.exec(error instanceof Error ? error.message : '')?.[0];
  return `The input is not JSON${at === undefined ? '' : ` ${at}`}. Write one event, {"event": …}, or an array of them.`;
}

/** The name as told, for an event that could not be read. */
function nameOf(input: unknown): string {
  const told = typeof input === 'object' && input !== null && 'event' in input ? input.event : undefined;
  return typeof told === 'string' && /^[\w-]{1,50}$/.test(told) ? told : 'event';
}

function words(result: Explained, name: string, index: number): string {
  const lines = [
    `${index + 1}. ${result.event['event'] ?? name}: ${result.verdict} (${result.reasons.join(', ')})`,
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
