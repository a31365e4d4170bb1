import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface, type Interface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/** A process of the benchmark; its lines are JSON. */
export interface Child {
  pid: number;
  lines: Interface;
  /** resolves with the exit code */
  ended: Promise<number | null>;
  /** Asks it to end, or leaves it no choice, and waits for that. */
  end(signal?: NodeJS.Signals): Promise<void>;
}

const running = new Set<ChildProcess>();
// Whatever happens here, nothing goes on running.
process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

/** Starts a file of this project, given relative to this folder. */
export function start(
  file: string,
  { args = [], env = process.env, node = [] }: { args?: string[]; env?: NodeJS.ProcessEnv; node?: string[] } = {},
): Child {
  const path = fileURLToPath(new URL(file, import.meta.url));
  const child = spawn(process.execPath, [...node, path, ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  createInterface({ input: child.stderr }).on('line', (line) => {
    process.stderr.write(`${file}: ${line}\n`);
  });
  running.add(child);
  const ended = once(child, 'exit').then(([code]) => {
    running.delete(child);
    return code as number | null;
  });
  return {
    pid: child.pid ?? 0,
    lines: createInterface({ input: child.stdout }),
    ended,
    async end(signal = 'SIGTERM') {
      child.kill(signal);
      await ended;
    },
  };
}

/** The first line of a process that says so that it is ready. */
export async function ready<Line>(child: Child, what: string): Promise<Line> {
  const line = once(child.lines, 'line') as Promise<[string]>;
  const first = await Promise.race([line, child.ended]);
  if (!Array.isArray(first)) throw new Error(`${what} ended with code ${String(first)} before it was ready`);
  return JSON.parse(first[0]) as Line;
}
