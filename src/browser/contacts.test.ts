import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hashContacts } from './contacts.ts';

const EMAIL = '848a771458438fc2ec420560d769fb9b9b86851ee338ec56517baabd79d3bb4f';
const PHONE = '9f7ec22d72092cd3c0b58726ed9c2d91b92e51a3f29837508fb2948bb22dd2fd';
const EXTERNAL_ID = '80fba0ae1c48e3978e43e4efc365e14e12ea0c830ba8ba5b9a2dafc7e3f2ab8b';

test("TikTok's three check values come out", async () => {
  const hashed = await hashContacts({
    email: ' ALICE_abc@gmail.com ',
    phone: '(+1)2133734253',
    external_id: ' user_123 ',
  });
  assert.deepEqual(hashed, { sha256_email: EMAIL, sha256_phone_number: PHONE, external_id: EXTERNAL_ID });
});

test('a contact that is a hash already passes in lower case', async () => {
  const hashed = await hashContacts({
    email: EMAIL.toUpperCase(),
    phone: PHONE.toUpperCase(),
    external_id: EXTERNAL_ID,
  });
  assert.deepEqual(hashed, { sha256_email: EMAIL, sha256_phone_number: PHONE, external_id: EXTERNAL_ID });
});

test('an external id keeps its case', async () => {
  assert.notEqual((await hashContacts({ external_id: 'User_123' })).external_id, EXTERNAL_ID);
});

for (const phone of ['0170 1234567', '+0170 1234567', '+49 call me', '+49 17', ''])
  test(`the phone number "${phone}" has no country or no form, and is left out`, async () => {
    assert.equal((await hashContacts({ phone })).sha256_phone_number, undefined);
  });
