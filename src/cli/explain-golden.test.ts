import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { GOLDEN_NOW, goldenInputs, goldenRenamed } from '../../test/golden-inputs.ts';
import type { Source } from '../event/event.ts';
import { start, TWIN, type TwinProcess } from '../sim/twin/client.ts';
import { DEFAULT_TRACKING_YAML } from '../spec/default-text.ts';
import { parseSpec } from '../spec/parse.ts';
import type { TrackRequest } from '../tiktok/body.ts';
import { explain } from './explain.ts';

let twin: TwinProcess;
before(async () => {
  twin = await start();
});
after(() => twin.stop());

/** `GOLDEN=write` writes the files anew; then they are read by eye before they are kept. */
const WRITE = process.env['GOLDEN'] === 'write';

for (const source of ['web', 'app', 'offline', 'crm'] as const satisfies Source[])
  test(`every standard event of ${source} gives its golden body, and TikTok's twin takes it`, async () => {
    const file = new URL(`../../test/data/golden/${source}.json`, import.meta.url);
    const inputs = goldenInputs(source);
    const explained = await explain(inputs, undefined, GOLDEN_NOW);
    const bodies: Record<string, TrackRequest> = {};
    for (const [index, { verdict, problems, request }] of explained.entries()) {
      assert.equal(verdict, 'admitted', JSON.stringify(problems));
      assert.ok(request);
      bodies[String(inputs[index]?.['event'])] = request;
    }
    if (WRITE) writeFileSync(file, `${JSON.stringify(bodies, null, 2)}\n`);
    assert.deepEqual(JSON.parse(JSON.stringify(bodies)), JSON.parse(readFileSync(file, 'utf8')));
    for (const [name, body] of Object.entries(bodies)) assert.deepEqual([name, await post(body)], [name, ACCEPTED]);
    const kept = await twin.events({ source_id: Object.values(bodies)[0]?.event_source_id ?? '' });
    assert.equal(kept.length, inputs.length);
  });

test('every other name gives the golden body of its event, by the destination’s generation', async () => {
  const file = new URL('../../test/data/golden/renamed.json', import.meta.url);
  const bodies: Record<string, TrackRequest> = {};
  for (const generation of ['current', 'legacy'] as const) {
    const spec = parseSpec(DEFAULT_TRACKING_YAML.replace('eventNames: current', `eventNames: ${generation}`));
    assert.ok(spec.ok);
    for (const input of goldenRenamed()) {
      const [explained] = await explain([input], spec.value, GOLDEN_NOW);
      const [told, sent] = [String(input['event']), explained?.request?.data[0]?.event];
      assert.ok(explained?.request, JSON.stringify(explained?.problems));
      assert.equal(
        explained.reasons.some((reason) => reason === 'legacy_name' || reason === 'current_name'),
        told !== sent,
        `${told} as ${sent}`,
      );
      bodies[`${told} to ${generation}`] = explained.request;
    }
  }
  if (WRITE) writeFileSync(file, `${JSON.stringify(bodies, null, 2)}\n`);
  assert.deepEqual(JSON.parse(JSON.stringify(bodies)), JSON.parse(readFileSync(file, 'utf8')));
  for (const [name, body] of Object.entries(bodies)) assert.deepEqual([name, await post(body)], [name, ACCEPTED]);
});

const ACCEPTED = { code: 0, message: 'OK' };

async function post(body: TrackRequest): Promise<{ code: number; message: string }> {
  const answer = await fetch(`${twin.url}/open_api/v1.3/event/track/`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'access-token': TWIN.token },
    body: JSON.stringify(body),
  });
  const { code, message } = (await answer.json()) as { code: number; message: string };
  return { code, message };
}
