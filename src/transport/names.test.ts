import assert from 'node:assert/strict';
import { test } from 'node:test';
import { eventTold, orderTold, paymentTold, START, specTold } from '../../test/admission-kit.ts';
import { openTransportKit, type TransportKit } from '../../test/transport-kit.ts';
import { SECOND } from '../event/time.ts';

const unguarded = (text: string): string =>
  text.replace('events:\n', 'events:\n  Lead: { legs: hybrid, guarded: false }\n');
const legacy = (text: string): string => text.replace('eventNames: current', 'eventNames: legacy');
const lead = (door: 'browser' | 'server', spec?: number, at = START) =>
  eventTold(door, { event: 'Lead', ...(spec === undefined ? { pixel: 'none' } : { spec, pixel: 'fired' }) }, at);

test('an event goes under the names of the spec that its page ran, also when the names are switched meanwhile', async () => {
  for (const [told, name] of [
    [[lead('browser', 1)], 'Lead'],
    [[lead('browser', 2)], 'SubmitForm'],
    [[lead('server')], 'SubmitForm'],
    [[lead('server'), lead('browser', 1)], 'Lead'],
    [[lead('browser', 1), lead('server')], 'Lead'],
    [[lead('browser', 2), lead('browser', 1)], 'SubmitForm'],
  ] as const) {
    const kit = await openTransportKit({ spec: unguarded });
    await kit.tell(specTold((text) => legacy(unguarded(text))));
    await kit.tell(...told);
    await kit.pass(5 * SECOND);
    assert.deepEqual(names(kit), [`main ${name}`]);
  }
});

test('a page that tells an event once it has left changes nothing', async () => {
  const kit = await openTransportKit({ spec: unguarded });
  await kit.tell(specTold((text) => legacy(unguarded(text))));
  const event = await kit.tell(lead('server'));
  await kit.pass(5 * SECOND);
  await kit.tell(lead('browser', 1, kit.now()));
  assert.equal((await kit.ledger.lineage([event], [])).events[0]?.specVersion, 2);
});

test('two destinations of different generations each get their own name, and so do their pages', async () => {
  const second = '  - { id: other, pixel: CD9079RC77U0N3GBV16Z, token: env:OTHER_TOKEN, eventNames: legacy }\nconsent:';
  const kit = await openTransportKit({ spec: (text) => text.replace('consent:', second) });
  await kit.tell(orderTold('server'), paymentTold());
  await kit.pass(6 * SECOND);
  assert.deepEqual(new Set(names(kit)), new Set(['main Purchase', 'other CompletePayment']));
  const given: string[] = [];
  for (let n = 0; n < 2; n++) {
    const answer = await kit.handouts.ask('c-server', 0, new AbortController().signal);
    if (answer?.fire) given.push(`${answer.pixel} ${answer.event}`);
  }
  assert.deepEqual(new Set(given), new Set(['CD9079RC77U0N3GBV16Y Purchase', 'CD9079RC77U0N3GBV16Z CompletePayment']));
});

test('an order keeps its names from its placing to its payment, and takes the newest way there', async () => {
  const kit = await openTransportKit({ spec: (text) => text.replace('token: env:', 'testCode: OLD\n    token: env:') });
  await kit.tell(orderTold('browser', { spec: 1 }));
  await kit.tell(specTold(legacy), paymentTold());
  await kit.pass(6 * SECOND);
  assert.deepEqual(names(kit), ['main Purchase']);
  assert.equal(kit.posted[0]?.request.test_event_code, undefined);
});

test('a destination that the page’s spec did not have yet gets the event by the newest one', async () => {
  const second = '  - { id: other, pixel: CD9079RC77U0N3GBV16Z, token: env:OTHER_TOKEN }\nconsent:';
  const kit = await openTransportKit();
  await kit.tell(specTold((text) => text.replace('consent:', second)));
  await kit.tell(eventTold('browser', { spec: 1, pixel: 'fired' }));
  await kit.pass(5 * SECOND);
  assert.deepEqual(new Set(names(kit)), new Set(['main Contact', 'other Contact']));
});

function names(kit: TransportKit): string[] {
  return kit.posted.flatMap(({ destination, request }) => request.data.map(({ event }) => `${destination} ${event}`));
}
