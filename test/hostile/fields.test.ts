import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { aftermath } from './aftermath.ts';
import { found, person } from './contacts.ts';
import { FIELDS, type Field } from './fields.ts';
import { MARKUP, shown } from './shown.ts';
import { openStage, type Stage } from './stage.ts';

let stage: Stage;
before(async () => {
  stage = await openStage({ publicUrl: 'https://collect.shop.example' });
});
after(() => stage?.stop());

const people = FIELDS.map((_, index) => person(index));
for (const [index, field] of FIELDS.entries())
  test(`${field.name}: neither an e-mail address nor a phone number in it is kept, sent or logged`, async () => {
    const one = person(index);
    const { email, phone } = one;
    const base64 = Buffer.from(email).toString('base64');
    const mails = [email, `mailto:${email.toUpperCase()}`, encodeURIComponent(email)];
    const texts = [...mails, phone, phone.replaceAll(' ', '-')];
    await stage.written();
    for (const text of [...texts, ...(KEEPS_NO_TEXT.test(field.name) ? [base64] : [])]) await send(stage, field, text);
    const kept = JSON.stringify([await stage.written(), stage.server.log, stage.sink.bodies]);
    assert.deepEqual(found(kept, [one]), []);
  });
for (const field of FIELDS)
  test(`${field.name}: markup in it is taken as text, or refused`, async () => {
    const status = await send(stage, field, MARKUP);
    assert.ok(status < 500);
  });

/** Fields from which nothing is kept, so that no disguise of a contact may be either. */
const KEEPS_NO_TEXT =
  /user\.(?:email|phone|unknown)|fragment|page user|page query$|mailto|nobody|customer|trace|key|nothing|origin|forwarded/;

async function send(stage: Stage, { to, body, headers }: Field, text: string): Promise<number> {
  const path = to.replaceAll('%s', () => encodeURIComponent(text));
  return (await stage.ask(path, body?.(text), headers?.(text))).status;
}

aftermath(() => stage, people);
shown(() => stage);
