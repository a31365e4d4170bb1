import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { CLIENT_CODES, ClientError } from './error.ts';

test('the guide says what to do about every error', () => {
  const guide = readFileSync(new URL('../../docs/guides/node-client.md', import.meta.url), 'utf8');
  for (const code of Object.keys(CLIENT_CODES)) assert.match(guide, new RegExp(`^\\| \`${code}\` \\| .+ \\|$`, 'm'));
});

test('an error says what, why and how to mend it, and nothing of what was told', () => {
  const problems = [{ code: 'c', where: 'time', what: 'not a time', fix: 'send ISO 8601' }];
  const error = new ClientError('refused', ['e-1'], { why: 'HTTP 422', problems, status: 422 });
  assert.match(error.message, /^The collector refused it; .* \(HTTP 422; time not a time: send ISO 8601\)$/);
  assert.deepEqual([error.code, error.ids, error.status], ['refused', ['e-1'], 422]);
  assert.equal(new ClientError('closed', []).message, CLIENT_CODES.closed);
});
