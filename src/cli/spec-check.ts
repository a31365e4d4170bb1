import type { Problem } from '../event/problem.ts';
import { specHints } from '../spec/hints.ts';
import { parseSpec } from '../spec/parse.ts';
import { renderProblems } from '../spec/problems.ts';
import { jsonSchema } from '../spec/shape.ts';
import type { Spec } from '../spec/spec.ts';

export interface SpecCheckOptions {
  file?: string;
  json?: boolean;
  schema?: boolean;
}

export interface SpecCheckIo {
  stdout(text: string): void;
  stderr(text: string): void;
  /** the text of a file; throws when it cannot be read */
  readFile(path: string): string;
}

/** `assay spec check`: 0 for a valid file, 1 for one with problems, 2 for one that cannot be read. */
export function specCheck(
  { file = 'tracking.yaml', json = false, schema = false }: SpecCheckOptions,
  io: SpecCheckIo,
): 0 | 1 | 2 {
  if (schema) {
    io.stdout(`${JSON.stringify(jsonSchema(), null, 2)}\n`);
    return 0;
  }
  const text = readable(file, io);
  if (text === undefined) {
    const problem: Problem = {
      where: file,
      what: 'cannot be read',
      fix: 'Check the name and the folder.',
      code: 'file_unreadable',
    };
    if (json) printJson(io, { ok: false, hash: null, problems: [problem], notes: [] });
    else io.stderr(`${file} ${problem.what}. ${problem.fix}\n`);
    return 2;
  }
  const folder = /^.*[/\\]/.exec(file)?.[0] ?? '';
  const parsed = parseSpec(text, { rates: (name) => readable(folder + name, io) });
  if (json)
    printJson(
      io,
      parsed.ok
        ? { ok: true, hash: parsed.value.hash, problems: [], notes: specHints(parsed.value) }
        : { ok: false, hash: null, problems: parsed.problems, notes: [] },
    );
  else if (parsed.ok) io.stdout([`${file} is valid: ${summary(parsed.value)}\n`, ...notesOf(parsed.value)].join(''));
  else
    io.stderr(
      `${renderProblems(file, text, parsed.problems)}\n${count(parsed.problems.length, 'problem')} in ${file}.\n`,
    );
  return parsed.ok ? 0 : 1;
}

function summary({ hash, events, destinations }: Spec): string {
  return `spec ${hash.slice(0, 8)}, ${count(Object.keys(events).length, 'event')}, ${count(destinations.length, 'destination')}`;
}

function count(n: number, noun: string): string {
  return `${n} ${noun}${n === 1 ? '' : 's'}`;
}

function notesOf(spec: Spec): string[] {
  return specHints(spec).map(({ where, what, fix }) => `Note: ${where} ${what}. ${fix}\n`);
}

interface Answer {
  ok: boolean;
  hash: string | null;
  problems: Problem[];
  /** what is allowed, and still worth a thought */
  notes: Problem[];
}

function printJson(io: SpecCheckIo, answer: Answer): void {
  io.stdout(`${JSON.stringify(answer, null, 2)}\n`);
}

function readable(path: string, io: SpecCheckIo): string | undefined {
  try {
    return io.readFile(path);
  } catch {
    return undefined;
  }
}
