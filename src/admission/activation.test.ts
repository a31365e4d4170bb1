import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Kit, leadTold, openKit, START, specTold } from '../../test/admission-kit.ts';
import { DAY } from '../event/time.ts';
import type { NewRecord } from '../store/journal.ts';

const FREEZE = 'freeze: { until: 2026-09-01, because: "window test", what: [leads.ladder, money] }';

/** The built-in spec with the freeze and one more change. */
function frozenTold(from = '', to = '', at = START, override?: string): NewRecord {
  const told = specTold((text) => text.replace('freeze: null', FREEZE).replace(from, to), at);
  return override === undefined ? told : { ...told, body: { ...told.body, override } };
}

async function refusal(kit: Kit, told: NewRecord): Promise<string[]> {
  const seq = await kit.tell(told);
  const [row] = await kit.ledger.verdicts(seq, seq);
  return [await kit.verdict(seq), ...(row?.problems ?? []).map(({ where, what }) => `${where} ${what}`)];
}

const QUALIFIED = ['qualified: "40.00 EUR"', 'qualified: "60.00 EUR"'] as const;

test('a change of a frozen part is refused with the reason and both values, and the active spec stays', async () => {
  const kit = await openKit(frozenTold());
  assert.deepEqual(await refusal(kit, frozenTold(...QUALIFIED, START + DAY)), [
    'refused spec_frozen',
    'leads.ladder.qualified is frozen until 2026-09-01 (window test): was 40.00 EUR, becomes 60.00 EUR',
  ]);
  assert.deepEqual(
    (await kit.ledger.specs()).map(({ version, override }) => [version, override]),
    [[1, undefined]],
  );
  const step = await kit.tell(leadTold('server', { status: 'qualified' }));
  const { events } = await kit.ledger.load({ events: [step], orders: [] });
  assert.deepEqual([events[0]?.value, events[0]?.specVersion], ['40.00 EUR', 1]);
  const [finding, ...more] = await kit.ledger.findings(9);
  assert.deepEqual(
    [finding?.id, finding?.what, finding?.times, more],
    [
      ...['frozen_change:tracking spec'],
      ...['leads.ladder.qualified: was 40.00 EUR, becomes 60.00 EUR; frozen until 2026-09-01: window test'],
      ...[1, []],
    ],
  );
});

test('with a reason it goes through and is marked, and a reason serves once', async () => {
  const kit = await openKit(frozenTold());
  const first = await kit.tell(frozenTold(...QUALIFIED, START + DAY, 'prices were wrong'));
  assert.equal(await kit.verdict(first), 'admitted spec_activated,freeze_overridden');
  const { override } = (await kit.ledger.specs()).at(-1) ?? {};
  assert.deepEqual(override, {
    because: 'prices were wrong',
    what: ['leads.ladder.qualified: was 40.00 EUR, becomes 60.00 EUR'],
  });
  await kit.restart();
  const [verdict, served] = await refusal(kit, frozenTold('', '', START + DAY, 'prices were wrong'));
  assert.deepEqual(
    [verdict, served],
    ['refused spec_frozen,override_served', 'override has served for an earlier version'],
  );
  const again = await kit.tell(frozenTold('', '', START + DAY, 'they were right'));
  assert.equal(await kit.verdict(again), 'admitted spec_activated,freeze_overridden');
});

test('what is not frozen, what comes after the freeze, and the first spec need no reason, and use none up', async () => {
  const kit = await openKit(frozenTold(...QUALIFIED, START, 'first'));
  const others = await kit.tell(frozenTold(QUALIFIED[0], QUALIFIED[1].replace('x', ''), START, 'first'));
  const linger = await kit.tell(
    specTold(
      (text) =>
        text
          .replace('freeze: null', FREEZE)
          .replace(...QUALIFIED)
          .replace('linger: 1s', 'linger: 2s'),
      START,
    ),
  );
  const later = await kit.tell(specTold((text) => text, Date.UTC(2026, 7, 31, 22)));
  for (const seq of [others, linger, later]) assert.equal(await kit.verdict(seq), 'admitted spec_activated');
  assert.ok((await kit.ledger.specs()).every(({ override }) => override === undefined));
});

test('a second before the first free day, as the business counts its days, the freeze holds', async () => {
  const kit = await openKit(frozenTold());
  const end = Date.UTC(2026, 7, 31, 22);
  assert.equal((await refusal(kit, frozenTold(...QUALIFIED, end - 1000)))[0], 'refused spec_frozen');
  assert.equal((await refusal(kit, frozenTold(...QUALIFIED, end)))[0], 'admitted spec_activated');
});
