import assert from 'node:assert/strict';
import { test } from 'node:test';
import { eventTold, type Kit, openKit, orderTold, paymentTold, START, specTold } from '../../test/admission-kit.ts';
import { MINUTE } from '../event/time.ts';

const SECOND_DESTINATION = '  - { id: other, pixel: CD9079RC77U0N3GBV16Z, token: env:OTHER_TOKEN }\nconsent:';

test('a page that was open when a destination was added has fired only the pixels of its own spec', async () => {
  for (const [spec, pixel, main, other] of [
    [1, 'fired', 'unknown fired_by_page', 'withheld page_before_destination'],
    [2, 'fired', 'unknown fired_by_page', 'unknown fired_by_page'],
    [undefined, 'fired', 'unknown fired_by_page', 'unknown fired_by_page'],
    [1, 'none', 'withheld not_fired', 'withheld page_before_destination'],
  ] as const) {
    const kit = await withAdded();
    const event = await kit.tell(eventTold('browser', { pixel, ...(spec === undefined ? {} : { spec }) }));
    assert.deepEqual(await pixels(kit, event), [main, other], `version ${spec}`);
    assert.deepEqual(
      [await kit.leg(event, 'api'), await kit.leg(event, 'api', 'other')],
      ['queued ready', 'queued ready'],
      'the api leg goes to both',
    );
    const { dispatches } = await kit.ledger.lineage([event], []);
    for (const { leg, state, copyAt } of dispatches)
      assert.equal(copyAt !== undefined, leg === 'pixel' && state === 'unknown', 'a copy is what a page fired');
  }
});

test('an old page’s word about an event that a server told first speaks of its own pixels too', async () => {
  const kit = await withAdded();
  const event = await kit.tell(eventTold('server'));
  assert.deepEqual(await pixels(kit, event), ['', '']);
  await kit.tell(eventTold('browser', { pixel: 'fired', spec: 1 }, START + MINUTE));
  assert.deepEqual(await pixels(kit, event), ['unknown fired_by_page', 'withheld page_before_destination']);
});

test('an order of an old page has no handout for the new destination', async () => {
  const kit = await withAdded();
  const event = await kit.tell(orderTold('browser', { spec: 1 }), paymentTold());
  assert.deepEqual(await pixels(kit, event), ['held awaiting_api', 'withheld page_before_destination']);
  assert.deepEqual([await kit.leg(event, 'api'), await kit.leg(event, 'api', 'other')], ['held delay', 'held delay']);
});

test('the specs of old pages are known after a restart as well', async () => {
  const kit = await withAdded();
  await kit.restart();
  const event = await kit.tell(eventTold('browser', { pixel: 'fired', spec: 1 }));
  assert.deepEqual(await pixels(kit, event), ['unknown fired_by_page', 'withheld page_before_destination']);
});

/** The built-in spec with one destination, and then with two. */
async function withAdded(): Promise<Kit> {
  const kit = await openKit();
  await kit.tell(specTold((text) => text.replace('consent:', SECOND_DESTINATION)));
  return kit;
}

async function pixels(kit: Kit, event: number): Promise<string[]> {
  return [await kit.leg(event, 'pixel'), await kit.leg(event, 'pixel', 'other')];
}
