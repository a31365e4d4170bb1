import assert from 'node:assert/strict';
import { hash } from 'node:crypto';
import { test } from 'node:test';
import fc from 'fast-check';
import { hashContacts } from './contacts.ts';

const sha = (text: string) => hash('sha256', text);
const user = (input: unknown, region?: string) => hashContacts(input, region ? { region } : {}).user;
const codes = (input: unknown) => hashContacts(input, {}).problems.map((one) => `${one.where} ${one.code}`);

test('a full user comes out hashed where TikTok wants hashes and plain where it does not', () => {
  const { user, problems } = hashContacts(
    {
      email: ' Ann@Example.com ',
      phone: ['+4915112345678'],
      external_id: [' Member-7 ', 7001],
      ttclid: ' E.C.P.abc ',
      ttp: '2abc',
      ip: '203.0.113.7',
      user_agent: 'Mozilla/5.0',
      locale: 'de-DE',
      idfa: 'ab12cd34-0000-4000-8000-0123456789ab',
      idfv: 'ab12CD34',
      gaid: 'AB12CD34-0000-4000-8000-0123456789AB',
      att_status: 'AUTHORIZED',
      first_name: 'Ann',
      last_name: ['Lee'],
      zip_code: '10115',
      city: 'Berlin',
      state: 'BE',
      country: 'DE',
    },
    {},
  );
  assert.deepEqual(problems, []);
  assert.deepEqual(user, {
    email: [sha('ann@example.com')],
    phone: [sha('+4915112345678')],
    external_id: [sha('Member-7'), sha('7001')],
    ttclid: 'E.C.P.abc',
    ttp: '2abc',
    ip: '203.0.113.7',
    user_agent: 'Mozilla/5.0',
    locale: 'de-DE',
    idfa: 'AB12CD34-0000-4000-8000-0123456789AB',
    idfv: 'ab12CD34',
    gaid: 'ab12cd34-0000-4000-8000-0123456789ab',
    att_status: 'AUTHORIZED',
    first_name: sha('ann'),
    last_name: sha('lee'),
    zip_code: sha('10115'),
    city: 'berlin',
    state: 'be',
    country: 'de',
  });
});

test('unknown values are left out without a complaint', () => {
  const nothing = ['', '  ', 'undefined', 'NULL', null, sha(''), sha('').toUpperCase()];
  for (const value of nothing)
    assert.deepEqual(hashContacts({ email: value, phone: [value], ttclid: value, first_name: value }, {}), {
      user: {},
      problems: [],
    });
  assert.deepEqual(hashContacts(undefined, {}), { user: {}, problems: [] });
});

test('the country of the user dials a national number, else the region of the business', () => {
  assert.deepEqual(user({ phone: '0151 12345678', country: 'de' }, 'FR').phone, [sha('+4915112345678')]);
  assert.deepEqual(user({ phone: '06 12 34 56 78' }, 'FR').phone, [sha('+33612345678')]);
  assert.deepEqual(user({ phone: 35796123456, country: 'CY' }).phone, [sha('+35796123456')]);
});

test('a hash passes, in lower case, whatever the field', () => {
  const known = sha('someone');
  const upper = known.toUpperCase();
  assert.deepEqual(
    user({ email: upper, phone: upper, external_id: upper, idfa: upper, gaid: upper, last_name: upper }),
    {
      email: [known],
      phone: [known],
      external_id: [known],
      idfa: known,
      gaid: known,
      last_name: known,
    },
  );
});

test('spellings of one address count once, and ten values are enough', () => {
  assert.deepEqual(user({ email: ['a@b.co', ' A@B.CO', sha('a@b.co')] }).email, [sha('a@b.co')]);
  const many = hashContacts({ external_id: Array.from({ length: 12 }, (_, n) => `id-${n}`) }, {});
  assert.equal(many.user.external_id?.length, 10);
  assert.deepEqual(
    many.problems.map((one) => one.code),
    ['external_id_too_many'],
  );
});

test('a click id is never cut and never judged by its form', () => {
  const long = 'x'.repeat(4096);
  assert.equal(user({ ttclid: long }).ttclid, long);
  assert.deepEqual(hashContacts({ ttclid: `${long}x` }, {}).user, {});
  assert.deepEqual(codes({ ttclid: `${long}x` }), ['user.ttclid ttclid_too_long']);
});

const wrong: [input: unknown, problems: string[]][] = [
  ['ann@example.com', ['user user_invalid']],
  [['ann@example.com'], ['user user_invalid']],
  [{ email: 'ann at example.com' }, ['user.email email_invalid']],
  [{ email: ['x', 'y'] }, ['user.email email_invalid']],
  [{ email: 12 }, ['user.email email_invalid']],
  [{ phone: '0151 12345678' }, ['user.phone phone_invalid']],
  [{ phone: 1e21 }, ['user.phone phone_invalid']],
  [{ external_id: { id: 1 } }, ['user.external_id external_id_invalid']],
  [{ ip: '203.0.113' }, ['user.ip ip_invalid']],
  [{ att_status: 'YES' }, ['user.att_status att_status_invalid']],
  [{ idfa: '00000000-0000-0000-0000-000000000000' }, ['user.idfa idfa_invalid']],
  [{ country: 'Germany' }, ['user.country country_invalid']],
  [{ user_agent: 'x'.repeat(1025) }, ['user.user_agent user_agent_too_long']],
  [{ phone_number: '+4915112345678' }, ['user user_field_unknown']],
];
for (const [input, problems] of wrong)
  test(`${JSON.stringify(input).slice(0, 60)} is dropped with ${problems}`, () => {
    assert.deepEqual(hashContacts(input, {}).user, {});
    assert.deepEqual(codes(input), problems);
  });

test('contacts under the names of TikTok’s pixel are the same contacts, and plain ones are hashed there as well', () => {
  const plain = { email: 'Ann@Example.com', phone: '+4915112345678', external_id: 'Customer_7' };
  const { email, phone, ...rest } = plain;
  const renamed = { sha256_email: email, sha256_phone_number: phone, ...rest };
  assert.deepEqual(user(renamed), user(plain));
  assert.deepEqual(codes(renamed), []);
});

test('an IPv4 address inside an IPv6 one is given as IPv4', () => {
  assert.equal(user({ ip: '::ffff:203.0.113.7' }).ip, '203.0.113.7');
  assert.equal(user({ ip: '2001:db8::7' }).ip, '2001:db8::7');
});

test('no problem repeats what was sent, not even a field name of the sender', () => {
  const secret = fc.stringMatching(/^QQ[A-Z0-9@.+]{6,30}$/);
  const fields = ['email', 'phone', 'external_id', 'ip', 'idfa', 'att_status', 'country', 'city', 'ttclid'];
  fc.assert(
    fc.property(secret, fc.constantFrom(...fields), (text, field) => {
      const sent = { [field]: [text, { [text]: text }], [text]: text };
      assert.ok(!JSON.stringify(hashContacts(sent, {}).problems).includes(text));
    }),
  );
});

test('what comes out goes in again unchanged', () => {
  const once = user({
    email: 'Ann@Example.com',
    phone: '+4915112345678',
    zip_code: 'SW1A 1AA',
    city: 'São Paulo',
    ip: '::1',
  });
  assert.deepEqual(user(once), once);
});
