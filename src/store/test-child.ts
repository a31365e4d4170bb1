import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { TestContext } from 'node:test';

/** A process of a crash test: what it said line by line, and its violent end. */
export interface Child {
  /** Resolves with the whole lines so far once there are `count`, or with all when the process has ended. */
  lines(count: number): Promise<string[]>;
  /** kill -9; resolves with everything that it said before. */
  kill(): Promise<string[]>;
}

export function startChild(t: TestContext, command: string, args: string[]): Child {
  const child: ChildProcess = spawn(command, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  t.after(() => child.kill('SIGKILL'));
  const ended = once(child, 'close');
  const output = child.stdout;
  assert.ok(output);
  let text = '';
  output.setEncoding('utf8').on('data', (part: string) => {
    text += part;
  });
  const whole = () => text.split('\n').slice(0, -1);
  return {
    async lines(count) {
      while (whole().length < count)
        if (await Promise.race([once(output, 'data').then(() => false), ended.then(() => true)])) break;
      return whole();
    },
    async kill() {
      child.kill('SIGKILL');
      await ended;
      return whole();
    },
  };
}
