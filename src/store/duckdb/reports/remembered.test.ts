import assert from 'node:assert/strict';
import { test } from 'node:test';
import { remembering } from './remembered.ts';

test('an answer is made once for each version, and the oldest goes where there are too many', async () => {
  const made: string[] = [];
  const ask = remembering<string>(2);
  const say = (version: string, question: string): Promise<string> =>
    ask(version, question, async () => {
      made.push(`${question}${version}`);
      return `${question} of ${version}`;
    });
  for (const question of ['a', 'b', 'a', 'c', 'a', 'b']) assert.equal(await say('1', question), `${question} of 1`);
  assert.deepEqual(made, ['a1', 'b1', 'c1', 'b1']);
  assert.equal(await say('2', 'b'), 'b of 2');
  assert.equal(await say('2', 'b'), 'b of 2');
  assert.deepEqual(made.slice(4), ['b2']);
});

test('an answer that came after its version had passed is not kept', async () => {
  const ask = remembering<number>(2);
  let late = (_: number): void => {};
  const slow = ask('1', 'a', () => new Promise((resolve) => (late = resolve)));
  await ask('2', 'b', async () => 2);
  late(1);
  assert.equal(await slow, 1);
  assert.equal(await ask('2', 'a', async () => 3), 3);
});
