import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { type TestContext, test } from 'node:test';
import { parseEnv } from 'node:util';
import fc from 'fast-check';
import { testIo } from '../../test/io.ts';
import { readConfig } from '../server/config.ts';
import { parseSpec } from '../spec/parse.ts';
import type { Spec } from '../spec/spec.ts';
import { type Ask, type InitOptions, init } from './init.ts';
import { askInTerminal } from './init-ask.ts';
import { specText } from './init-files.ts';
import { type Answers, faultOf, QUESTIONS, usualAnswers } from './init-questions.ts';

const SHOP = {
  name: 'Nugget & Co: "cups"',
  id: 'nugget',
  country: 'CH',
  currency: 'CHF',
  timezone: 'Europe/Zurich',
  origin: 'https://www.nugget.example',
  pixel: 'CD9079RC77U0N3GBV16Y',
  consent: 'none',
  confirm: 'server',
} satisfies Answers;

async function run(t: TestContext, options: Partial<InitOptions>, ask?: Ask) {
  const dir = options.dir ?? mkdtempSync(join(tmpdir(), 'assay-init-'));
  if (options.dir === undefined) t.after(() => rmSync(dir, { recursive: true }));
  const io = { ...testIo(), interactive: ask !== undefined };
  const code = await init({ ...options, dir }, io, ask);
  return { code, dir, out: io.out().replaceAll(`${dir}/`, ''), err: io.err().replaceAll(`${dir}/`, '') };
}

function specIn(dir: string): Spec {
  const parsed = parseSpec(readFileSync(join(dir, 'tracking.yaml'), 'utf8'));
  assert.ok(parsed.ok, JSON.stringify(parsed));
  return parsed.value;
}

test('answers become a spec that passes its check, and settings with keys that a server takes', async (t) => {
  const { code, dir, out } = await run(t, SHOP);
  assert.equal(code, 0);
  const { business, sites, destinations, consent, events } = specIn(dir);
  assert.deepEqual(business, {
    id: 'nugget',
    name: SHOP.name,
    country: 'CH',
    currency: 'CHF',
    timezone: SHOP.timezone,
  });
  assert.deepEqual(sites.origins, ['https://www.nugget.example']);
  assert.deepEqual([destinations[0]?.pixel, consent.mode, events['Purchase']?.confirm], [SHOP.pixel, 'none', 'server']);
  assert.equal(statSync(join(dir, '.env')).mode & 0o777, 0o600);
  const settings = parseEnv(readFileSync(join(dir, '.env'), 'utf8'));
  assert.equal(settings['ASSAY_PUBLIC_URL'], 'https://collect.nugget.example');
  assert.ok(readConfig(settings).ok);
  assert.ok(!('ASSAY_WEBHOOK_SECRET' in settings), 'a server that confirms needs no webhook');
  assert.match(
    out,
    /cd .*\n +assay doctor --settings \.env\n.*\n.*assay serve --settings \.env\n.*\n.*\| assay explain\n/,
  );
  assert.ok(out.includes('<script async src="https://collect.nugget.example/a.js"></script>'));
  assert.match(out, /Add it to \.gitignore/);
  assert.ok(!out.includes(settings['ASSAY_SECRET_KEY'] ?? 'no key'), 'keys are written, not shown');
});

test('every init has keys of its own', async (t) => {
  const keys = [];
  for (const { dir } of [await run(t, { yes: true }), await run(t, { yes: true })]) {
    const settings = parseEnv(readFileSync(join(dir, '.env'), 'utf8'));
    assert.ok(readConfig(settings).ok);
    keys.push(settings['ASSAY_SECRET_KEY'], settings['ASSAY_WEBHOOK_SECRET']);
  }
  assert.equal(new Set(keys).size, 4);
});

test('whatever a business is called, its spec can be read', () => {
  fc.assert(
    fc.property(fc.string({ minLength: 1, maxLength: 40, unit: 'grapheme' }), (name) => {
      const { id } = usualAnswers({ name });
      assert.match(id, /^[a-z0-9][a-z0-9-]{0,31}$/);
      const question = QUESTIONS.find(({ of }) => of === 'name');
      const answers = usualAnswers({ name });
      if (question && faultOf(question, name) === undefined) assert.ok(parseSpec(specText(answers)).ok);
    }),
  );
});

test('nothing is written over unless told, and then with new keys', async (t) => {
  const { dir } = await run(t, { yes: true });
  const before = readFileSync(join(dir, '.env'), 'utf8');
  const again = await run(t, { dir, yes: true });
  assert.equal(again.code, 1);
  assert.match(again.err, /^tracking\.yaml and \.env exist already and nothing was written\. --force /);
  assert.equal(readFileSync(join(dir, '.env'), 'utf8'), before);
  assert.equal((await run(t, { dir, yes: true, force: true })).code, 0);
  assert.notEqual(readFileSync(join(dir, '.env'), 'utf8'), before);
  assert.equal(statSync(join(dir, '.env')).mode & 0o777, 0o600);
});

test('a .gitignore that leaves the settings out needs no reminder', async (t) => {
  const dir = mkdtempSync(join(tmpdir(), 'assay-init-'));
  t.after(() => rmSync(dir, { recursive: true }));
  writeFileSync(join(dir, '.gitignore'), 'node_modules\n/.env\n');
  assert.doesNotMatch((await run(t, { dir, yes: true })).out, /gitignore/);
});

test('a wrong answer is refused with what to write, and nothing is written', async (t) => {
  for (const [wrong, says] of [
    [{ country: 'Germany' }, /^--country "Germany" can’t be used\. Write the ISO 3166 code/],
    [{ currency: 'EURO' }, /^--currency /],
    [{ timezone: 'Berlin' }, /^--timezone /],
    [{ origin: 'shop.example' }, /^--origin /],
    [{ origin: 'https://shop.example/path' }, /^--origin /],
    [{ pixel: 'abc' }, /^--pixel .* 20 capital letters and digits/],
    [{ id: 'My Shop' }, /^--id /],
    [{ consent: 'maybe' }, /^--consent .* Choose required or none\./],
    [{ confirm: 'bank', currency: 'X' }, /^--currency .*\n--confirm .* Choose webhook or server or none\./],
    [{ collector: 'collect' }, /^--collector is not an address/],
  ] as const) {
    const { code, dir, err } = await run(t, { ...wrong, yes: true });
    assert.equal(code, 1);
    assert.match(err, says);
    assert.deepEqual(readdirSync(dir), []);
  }
});

test('where nobody can answer, the missing flags are named', async (t) => {
  const { code, err } = await run(t, { name: 'Shop', id: 'shop' });
  assert.equal(code, 2);
  assert.match(err, /Say --country, --currency, .*--confirm, or --yes/);
});

test('a person is asked only what was not said, and may leave', async (t) => {
  const { pixel: _pixel, name: _name, ...rest } = SHOP;
  const asked: string[] = [];
  const { code, dir } = await run(t, rest, (question, usual) => {
    asked.push(`${question.of} ${usual}`);
    return Promise.resolve(question.of === 'pixel' ? 'CD9079RC77U0N3GBV16Z' : 'Other');
  });
  assert.deepEqual([code, asked], [0, ['name My Shop', 'pixel YOURPIXELCODE0000000']]);
  assert.equal(specIn(dir).destinations[0]?.pixel, 'CD9079RC77U0N3GBV16Z');
  const left = await run(t, {}, () => Promise.resolve(undefined));
  assert.deepEqual([left.code, left.err, readdirSync(left.dir)], [1, 'Nothing was written.\n', []]);
});

test('--json names the files and the snippet, and no key', async (t) => {
  const { out, dir } = await run(t, { ...SHOP, json: true });
  const answer = JSON.parse(out) as { hash: string; ignored: boolean; snippet: string };
  assert.equal(answer.hash, specIn(dir).hash);
  assert.deepEqual([answer.ignored, /a\.js/.test(answer.snippet)], [false, true]);
  assert.ok(!out.includes(parseEnv(readFileSync(join(dir, '.env'), 'utf8'))['ASSAY_SECRET_KEY'] ?? 'no key'));
});

test('in a terminal a wrong answer is asked again, return takes the usual one, and escape leaves', async () => {
  const [country, consent] = ['country', 'consent'].map((name) => QUESTIONS.find(({ of }) => of === name));
  assert.ok(country && consent);
  assert.equal(await typed(country, 'DE', 'Germany\r', '\b'.repeat(7), 'AT\r'), 'AT');
  assert.equal(await typed(country, 'DE', '\r'), 'DE');
  assert.equal(await typed(consent, 'required', '\u001b[B', '\r'), 'none');
  assert.equal(await typed(country, 'DE', '\u0003'), undefined);
});

/** Answers a question by keys, each pressed when the terminal has taken the one before. */
async function typed(
  question: (typeof QUESTIONS)[number],
  usual: string,
  ...keys: string[]
): Promise<string | undefined> {
  const input = Object.assign(new PassThrough(), { isTTY: true, setRawMode: () => input });
  const output = Object.assign(new PassThrough(), { isTTY: true, columns: 80, rows: 24 });
  output.resume();
  const answer = askInTerminal(question, usual, { input, output });
  for (const key of keys) {
    await new Promise((resolve) => setImmediate(resolve));
    input.write(key);
  }
  return answer;
}
