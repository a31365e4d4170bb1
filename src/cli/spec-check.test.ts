import assert from 'node:assert/strict';
import { test } from 'node:test';
import { defaultSpec } from '../spec/default.ts';
import { DEFAULT_TRACKING_YAML } from '../spec/default-text.ts';
import { type SpecCheckOptions, specCheck } from './spec-check.ts';

function run(options: SpecCheckOptions, files: Record<string, string>) {
  let out = '';
  let err = '';
  const exitCode = specCheck(options, {
    stdout: (text) => (out += text),
    stderr: (text) => (err += text),
    readFile: (path) => {
      const text = files[path];
      if (text === undefined) throw new Error('no such file');
      return text;
    },
  });
  return { exitCode, out, err };
}

test('a valid file is answered with its hash and its size', () => {
  const { exitCode, out, err } = run({}, { 'tracking.yaml': DEFAULT_TRACKING_YAML });
  assert.deepEqual([exitCode, err], [0, '']);
  assert.equal(out, `tracking.yaml is valid: spec ${defaultSpec().hash.slice(0, 8)}, 4 events, 1 destination\n`);
});

test('a file with problems is answered with all of them and exit code 1', () => {
  const broken = DEFAULT_TRACKING_YAML.replace('delay: 5s', 'delai: 5s').replace('giveUp: 40h', 'giveUp: 50h');
  const { exitCode, out, err } = run({ file: 'shop/tracking.yaml' }, { 'shop/tracking.yaml': broken });
  assert.deepEqual([exitCode, out], [1, '']);
  assert.match(err, /^shop\/tracking\.yaml:\d+:5 events\.Purchase\.delai is unknown\. Did you mean delay\?$/m);
  assert.match(err, /delivery\.giveUp/);
  assert.match(err, /^2 problems in shop\/tracking\.yaml\.$/m);
});

test('a file that cannot be read is exit code 2', () => {
  assert.deepEqual(run({ file: 'none.yaml' }, {}), {
    exitCode: 2,
    out: '',
    err: 'none.yaml cannot be read. Check the name and the folder.\n',
  });
  assert.equal(JSON.parse(run({ file: 'none.yaml', json: true }, {}).out).problems[0].code, 'file_unreadable');
});

test('a lead’s event of one’s own is valid, with a note on what TikTok makes of it', () => {
  const text = DEFAULT_TRACKING_YAML.replace('qualified: Lead', 'qualified: GoodLead');
  const { exitCode, out } = run({}, { 'tracking.yaml': text });
  assert.equal(exitCode, 0);
  assert.match(
    out,
    /^tracking\.yaml is valid.*\nNote: leads\.events\.qualified is GoodLead, a name of your own\. .*Custom Conversion/,
  );
  const { notes } = JSON.parse(run({ json: true }, { 'tracking.yaml': text }).out);
  assert.deepEqual(
    notes.map(({ code, where }: { code: string; where: string }) => [code, where]),
    [['lead_event_custom', 'leads.events.qualified']],
  );
});

test('--json prints ok, hash, problems and notes', () => {
  const good = run({ json: true }, { 'tracking.yaml': DEFAULT_TRACKING_YAML });
  assert.deepEqual(JSON.parse(good.out), { ok: true, hash: defaultSpec().hash, problems: [], notes: [] });
  const bad = run({ json: true }, { 'tracking.yaml': 'assay: 2' });
  const answer = JSON.parse(bad.out);
  assert.deepEqual([bad.exitCode, answer.ok, answer.hash, bad.err], [1, false, null, '']);
  assert.ok(answer.problems.length >= 4);
});

test('rates are read from beside the file', () => {
  const text = DEFAULT_TRACKING_YAML.replace('rates: {}', 'rates: rates.csv');
  const csv = 'currency,rate,date\nUYU,0.023,2026-11-01\n';
  assert.equal(run({ file: 'a/b/t.yaml' }, { 'a/b/t.yaml': text, 'a/b/rates.csv': csv }).exitCode, 0);
  assert.equal(run({ file: 'a/b/t.yaml' }, { 'a/b/t.yaml': text, 'rates.csv': csv }).exitCode, 1);
});

test('--schema prints a JSON Schema', () => {
  const { exitCode, out } = run({ schema: true }, {});
  assert.equal(exitCode, 0);
  assert.equal(JSON.parse(out).type, 'object');
});
