import assert from 'node:assert/strict';
import { hash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import fc from 'fast-check';
import { hashEmail, hashExternalId, hashName, hashPhone, hashZip, plainPlace } from './hash.ts';

interface Vectors {
  phone: { class: string; input: string; default_region: string | null; sha256_e164: string | null }[];
  email: { class: string; input: string; sha256: string | null }[];
}
const vectors = JSON.parse(readFileSync(new URL('../../test/data/identity.json', import.meta.url), 'utf8')) as Vectors;
const EMPTY = hash('sha256', '');

test('the published check values come out', () => {
  assert.equal(hashEmail(' ALICE_abc@gmail.com '), '848a771458438fc2ec420560d769fb9b9b86851ee338ec56517baabd79d3bb4f');
  assert.equal(hashPhone('(+1)2133734253'), '9f7ec22d72092cd3c0b58726ed9c2d91b92e51a3f29837508fb2948bb22dd2fd');
  assert.equal(hashExternalId('user_123'), '80fba0ae1c48e3978e43e4efc365e14e12ea0c830ba8ba5b9a2dafc7e3f2ab8b');
});

test('every phone vector gives its hash, or nothing when it is invalid', () => {
  assert.equal(vectors.phone.length, 204);
  for (const one of vectors.phone)
    assert.equal(
      hashPhone(one.input, one.default_region ?? undefined),
      one.sha256_e164 ?? undefined,
      `${one.class}: ${one.input}`,
    );
});

test('every e-mail vector gives its hash, or nothing when it is invalid', () => {
  assert.equal(vectors.email.length, 17);
  for (const one of vectors.email)
    assert.equal(hashEmail(one.input), one.sha256 ?? undefined, `${one.class}: ${one.input}`);
});

test('hashing a hash gives the same hash, in lower case', () => {
  const hex = fc.stringMatching(/^[0-9a-fA-F]{64}$/);
  fc.assert(
    fc.property(hex, (text) => {
      for (const read of [hashEmail, hashPhone, hashExternalId, hashName, hashZip]) {
        assert.equal(read(text), text.toLowerCase());
        assert.equal(read(read(text) ?? ''), text.toLowerCase());
      }
    }),
  );
});

test('any id is hashed once: the same bytes with or without blanks around them', () => {
  fc.assert(
    fc.property(fc.string({ minLength: 1 }), (id) => {
      assert.equal(hashExternalId(` ${id}\n`), hashExternalId(id));
      const hashed = hashExternalId(id);
      if (hashed) assert.equal(hashExternalId(hashed), hashed);
    }),
  );
});

test('a hash of nothing is nothing', () => {
  for (const read of [hashEmail, hashPhone, hashExternalId, hashName, hashZip])
    for (const text of ['', '  ', EMPTY, EMPTY.toUpperCase()]) assert.equal(read(text), undefined);
});

test('a national number without a region, or with an unknown one, is dropped rather than guessed', () => {
  assert.equal(hashPhone('0151 12345678'), undefined);
  assert.equal(hashPhone('0151 12345678', 'XX'), undefined);
  assert.equal(hashPhone('0151 12345678', 'de'), hash('sha256', '+4915112345678'));
});

test('00 is read as + where the region dials another exit code', () => {
  assert.equal(hashPhone('004915112345678', 'US'), hash('sha256', '+4915112345678'));
  assert.equal(hashPhone('004915112345678'), hash('sha256', '+4915112345678'));
});

test('a number hidden in a sentence is not taken out of it', () => {
  assert.equal(hashPhone('call +4915112345678'), undefined);
});

const emails = `
  hans.m端ller@test.com          yes
  hans@m端ller.com               yes
  foo@xn--mller-kva.com         yes
  a@b.co                        yes
  gmail.dots+tag@gmail.com      yes
  "two words"@example.com       yes
  .starts@gmail.com             no
  two..dots@gmail.com           no
  ends.@gmail.com               no
  foo@_bar.com                  no
  foo@-bar.com                  no
  foo@bar-.com                  no
  foo@bar.com.                  no
  z@co.c                        no
  someone@ｇｍａｉｌ.com           no
  invalid.com                   no
  @invalid.com                  no
  foo@localhost                 no
`;
for (const row of emails.trim().split('\n')) {
  const [, email = '', usable] = /^\s*(.+?)\s+(yes|no)$/.exec(row) ?? [];
  test(`${email} is ${usable === 'yes' ? '' : 'not '}an address`, () => {
    assert.equal(hashEmail(email), usable === 'yes' ? hash('sha256', email) : undefined);
  });
}

test('an address may not pass the limits of mail itself', () => {
  assert.notEqual(hashEmail(`${'a'.repeat(64)}@example.com`), undefined);
  assert.equal(hashEmail(`${'a'.repeat(65)}@example.com`), undefined);
  assert.equal(hashEmail(`a@${'b'.repeat(64)}.com`), undefined);
});

const texts = `
  external_id  User_123         User_123
  name         Anna             anna
  name         O'Neill-Śmith    oneillśmith
  name         Mary·Ann_Lee     maryannlee
  name         李小龙            李小龙
  zip          SW1A-1AA         sw1a1aa
  zip          10115            10115
`;
const readers: Record<string, (text: string) => string | undefined> = {
  external_id: hashExternalId,
  name: hashName,
  zip: hashZip,
};
for (const row of texts.trim().split('\n')) {
  const [kind = '', input = '', expected = ''] = row.trim().split(/\s+/);
  test(`${kind} ${input} is hashed as ${expected}`, () => {
    assert.equal(readers[kind]?.(`  ${input} `), hash('sha256', expected));
  });
}

test('a name is the same whether its accents are composed or not', () => {
  assert.equal(hashName('Jose\u0301'), hashName('Jos\u00e9'));
});

test('a place is plain Latin letters and digits', () => {
  assert.equal(plainPlace(' São Paulo '), 'saopaulo');
  assert.equal(plainPlace("L'Île-d'Yeu"), 'liledyeu');
  assert.equal(plainPlace('NY'), 'ny');
  assert.equal(plainPlace('東京'), undefined);
});
