import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';

/** The command as people start it. */
const ASSAY = fileURLToPath(new URL('../bin/assay.js', import.meta.url));

type Environment = Readonly<Record<string, string>>;

/** A command that goes on running, with the line of JSON in which it said that it is ready. */
export interface Started<Ready> {
  ready: Ready;
  pid: number;
  /** what it wrote to stderr so far */
  said(): string;
  /** Sends the signal; resolves with exit code and signal once it has ended. */
  end(signal: NodeJS.Signals): Promise<[code: number | null, signal: NodeJS.Signals | null]>;
}

/** Starts a command; `launched` gets the process before it is ready. Rejects when it ends instead. */
export async function startAssay<Ready>(
  args: readonly string[],
  env: Environment,
  launched: (child: ChildProcess) => void = () => undefined,
): Promise<Started<Ready>> {
  const child = spawn(process.execPath, [ASSAY, ...args], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (part: string) => {
    said += part;
  });
  const ended = once(child, 'exit') as Promise<[number | null, NodeJS.Signals | null]>;
  launched(child);
  const line = once(createInterface({ input: child.stdout }), 'line') as Promise<[string]>;
  const first = await Promise.race([line, ended]);
  if (typeof first[0] !== 'string')
    throw new Error(`assay ${args[0]} ended before it was ready: ${first.join(' ')}\n${said}`);
  return {
    ready: JSON.parse(first[0]) as Ready,
    pid: child.pid ?? 0,
    said: () => said,
    end(signal) {
      child.kill(signal);
      return ended;
    },
  };
}

/** Runs a command to its end. */
export async function runAssay(
  args: readonly string[],
  { env = {}, cwd = process.cwd(), stdin = '' }: { env?: Environment; cwd?: string; stdin?: string } = {},
): Promise<{ code: number | null; stdout: string; stderr: string }> {
  const child = spawn(process.execPath, [ASSAY, ...args], { env: { ...process.env, ...env }, cwd, stdio: 'pipe' });
  child.stdin.on('error', () => undefined).end(stdin);
  const [[code], stdout, stderr] = await Promise.all([once(child, 'exit'), text(child.stdout), text(child.stderr)]);
  return { code: code as number | null, stdout, stderr };
}
