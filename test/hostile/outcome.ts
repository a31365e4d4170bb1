import assert from 'node:assert/strict';
import type { ProblemAnswer } from '../../src/api/wire.ts';
import type { Answer, Body, Stage } from './stage.ts';

/**
 * What is sent, by whom, and how it ends: `422 body_shape events.0.event` is an answer with its code and the fields
 * that it names, `202 quarantined value_negative` a record with its verdict and reasons, `302` an answer alone.
 */
export type Row = readonly [
  name: string,
  to: string,
  body: Body | (() => Body),
  outcome: string,
  headers?: Record<string, string>,
];

/** Sends the row, and holds the server to its outcome and to what goes for every row. */
export async function play(stage: Stage, [, to, body, outcome, headers]: Row): Promise<Answer> {
  await stage.written();
  const answer = await stage.ask(to, typeof body === 'function' ? body() : body, headers);
  const [status, code, ...names] = outcome.split(' ');
  assert.equal(String(answer.status), status, answer.text);
  if (answer.status >= 400) {
    assertProblem(answer, code, names);
    // Refused as a whole: what is kept is that something came, and no part of it.
    const kinds = (await stage.written()).map(({ kind }) => kind);
    assert.ok(kinds.length <= 1 && kinds.every((kind) => kind === 'unread'), kinds.join());
  } else if (code !== undefined) {
    const records = await stage.verdicts(String(answer.json['receipt']));
    for (const { verdict, reasons } of records) {
      assert.equal(verdict, code, JSON.stringify(records));
      for (const name of names) assert.ok(reasons.includes(name), `${name} is not in ${reasons.join()}`);
    }
    assert.ok(records.length > 0);
  }
  return answer;
}

/** A refusal says what was wrong and how to mend it, as RFC 9457 has it. */
export function assertProblem(answer: Answer, code: string | undefined, fields: readonly string[] = []): void {
  assert.match(answer.headers.get('content-type') ?? '', /^application\/problem\+json/);
  const told = answer.json as unknown as ProblemAnswer;
  assert.equal(told.status, answer.status);
  if (code !== undefined) assert.equal(told.code, code, answer.text);
  assert.match(told.detail, /^[A-Z].{10,}\.$/s);
  if (answer.status === 422) assert.ok((told.problems ?? []).length > 0 || fields.length === 0, answer.text);
  for (const { where, what, fix } of told.problems ?? [])
    for (const words of [where, what, fix]) assert.ok(words.length > 1, answer.text);
  for (const field of fields)
    assert.ok(
      told.problems?.some(({ where }) => where === field),
      `${field} is not named: ${answer.text}`,
    );
}
