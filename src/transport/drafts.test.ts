import assert from 'node:assert/strict';
import { test } from 'node:test';
import { eventTold, START, testTold } from '../../test/admission-kit.ts';
import { coded, openTransportKit, type TransportKit } from '../../test/transport-kit.ts';
import { HOUR, MINUTE, SECOND } from '../event/time.ts';
import type { NewRecord } from '../store/journal.ts';

const draft = (id: string, at = START): NewRecord => eventTold('server', { event_id: id, draft: true }, at);
const live = (id: string, at = START): NewRecord => eventTold('server', { event_id: id }, at);

test('drafts leave with the code of the test session, and never in a batch with live events', async () => {
  for (const code of [undefined, 'TEST1']) {
    const kit = await openTransportKit({
      spec: (text) => (code ? text.replace('    appId:', `    testCode: ${code}\n    appId:`) : text),
    });
    await kit.tell(testTold(START + HOUR), draft('a'), live('b'), draft('c'), live('d'));
    await kit.pass(5 * SECOND);
    assert.deepEqual(sent(kit), ['TEST1: draft-a draft-c', `${code}: b d`]);
  }
});

test('a draft that its session outlived stays here', async () => {
  const kit = await openTransportKit({ answer: () => coded(50000, 'busy') });
  await kit.tell(testTold(START + MINUTE));
  const event = await kit.tell(draft('a'));
  await kit.pass(HOUR);
  assert.equal(await kit.leg(event), 'withheld test_over');
  const { length } = kit.posted;
  assert.ok(length > 2 && kit.posted.every(({ at }) => at < START + MINUTE));
});

test('a session that is closed stops drafts at once, and the next one’s code is taken', async () => {
  const kit = await openTransportKit();
  await kit.tell(testTold(START + HOUR));
  const first = await kit.tell(draft('a'), testTold(START));
  await kit.pass(2 * SECOND);
  assert.equal(await kit.leg(first), 'withheld test_over');
  await kit.tell(testTold(kit.now() + HOUR, kit.now(), { code: 'A' }), draft('b', kit.now()));
  await kit.tell(testTold(kit.now() + HOUR, kit.now(), { code: 'B' }));
  await kit.pass(2 * SECOND);
  assert.deepEqual(sent(kit), ['B: draft-b']);
});

test('no draft leaves without a session, whatever is told and whenever', async () => {
  const kit = await openTransportKit();
  const event = await kit.tell(draft('a'));
  await kit.tell(testTold(START + HOUR));
  await kit.pass(HOUR);
  assert.deepEqual([kit.posted, await kit.leg(event)], [[], 'withheld draft']);
});

function sent(kit: TransportKit): string[] {
  return kit.posted.map(
    ({ request }) => `${request.test_event_code}: ${request.data.map(({ event_id }) => event_id).join(' ')}`,
  );
}
