import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { defaultSpec } from '../spec/default.ts';
import type { Destination } from '../spec/spec.ts';
import type { Reply } from '../tiktok/answer.ts';
import { openTokens, readTokens } from './tokens.ts';

const folder = mkdtempSync(join(tmpdir(), 'tokens-'));
after(() => rmSync(folder, { recursive: true }));
const file = join(folder, 'token');
const MAIN = { ...(defaultSpec().destinations[0] as Destination), token: 'env:TOKEN' };
const answered = (code: number): Reply => ({ kind: 'http', status: 200, body: JSON.stringify({ code, message: 'm' }) });

test('a destination’s tokens come from its variable, or from the file that it names', () => {
  writeFileSync(file, 'c\nd\n\n');
  for (const [env, tokens, problem] of [
    [{}, [], undefined],
    [{ TOKEN: ' ' }, [], undefined],
    [{ TOKEN: 'a' }, ['a'], undefined],
    [{ TOKEN: ' a , b,a ' }, ['a', 'b'], undefined],
    [{ TOKEN: 'a,b,c' }, ['a', 'b'], undefined],
    [{ TOKEN_FILE: file }, ['c', 'd'], undefined],
    [{ TOKEN: 'a', TOKEN_FILE: file }, ['a', 'c'], undefined],
    [{ TOKEN_FILE: join(folder, 'none') }, [], /TOKEN_FILE names a file that can't be read \(ENOENT\)/],
    [{ TOKEN: 'se cret' }, [], /^TOKEN holds no token/],
    [{ TOKEN: 'sécret' }, [], /^TOKEN holds no token/],
    [{ OTHER: 'a' }, [], undefined],
  ] as const) {
    const read = readTokens(MAIN, env);
    assert.deepEqual(read.tokens, tokens, JSON.stringify(env));
    if (problem) assert.match(read.problem ?? '', problem);
    else assert.equal(read.problem, undefined);
    assert.doesNotMatch(read.problem ?? '', /cret/);
  }
});

test('a token that TikTok does not take gives way to the other at once, and both are asked for where neither is taken', async () => {
  const tokens = openTokens({ TOKEN: 'old,new' });
  let live = ['old'];
  const asked: (string | undefined)[] = [];
  const send = async (token: string | undefined): Promise<Reply> => {
    asked.push(token);
    return answered(live.includes(token ?? '') ? 0 : 40105);
  };
  for (const [now, expected, code] of [
    [['old'], ['old'], 0],
    [['new'], ['old', 'new'], 0],
    [['new'], ['new'], 0],
    [[], ['new'], 40105],
    [[], ['old', 'new'], 40105],
    [['old'], ['old'], 0],
    [['old'], ['old'], 0],
  ] as const) {
    live = [...now];
    asked.length = 0;
    assert.deepEqual([await tokens.post(MAIN, send), asked], [answered(code), expected]);
  }
});

test('an answer that is about something else costs no token, and one destination’s refusal is not another’s', async () => {
  const tokens = openTokens({ TOKEN: 'a,b' });
  const asked: (string | undefined)[] = [];
  const answering =
    (code: number) =>
    async (token: string | undefined): Promise<Reply> => {
      asked.push(token);
      return answered(code);
    };
  for (const code of [0, 40002, 40100, 50000, 40006]) await tokens.post(MAIN, answering(code));
  assert.deepEqual(asked, ['a', 'a', 'a', 'a', 'a']);
  await tokens.post(MAIN, async (token) => answered(token === 'a' ? 40001 : 0));
  asked.length = 0;
  await tokens.post({ ...MAIN, id: 'other' }, answering(0));
  await tokens.post(MAIN, answering(0));
  assert.deepEqual(asked, ['a', 'b']);
});

test('without a token the request is answered as one without a token', async () => {
  assert.deepEqual(
    await openTokens({}).post(MAIN, async (token) => answered(token === undefined ? 40104 : 0)),
    answered(40104),
  );
});

test('a file is read again once it has changed, and its mark tells so without the token', async () => {
  writeFileSync(file, 'first');
  utimesSync(file, 1000, 1000);
  let at = 0;
  const tokens = openTokens({ TOKEN_FILE: file }, () => at);
  const sent: (string | undefined)[] = [];
  const send = async (token: string | undefined): Promise<Reply> => {
    sent.push(token);
    return answered(token === 'first' ? 40105 : 0);
  };
  await tokens.post(MAIN, send);
  const before = tokens.mark(MAIN);
  writeFileSync(file, 'second');
  utimesSync(file, 2000, 2000);
  at = 2000;
  assert.notEqual(tokens.mark(MAIN), before);
  assert.doesNotMatch(before + tokens.mark(MAIN), /first|second/);
  await tokens.post(MAIN, send);
  rmSync(file);
  at = 4000;
  assert.equal(tokens.mark(MAIN), 'unreadable');
  await tokens.post(MAIN, send);
  assert.deepEqual(sent, ['first', 'second', undefined]);
});
