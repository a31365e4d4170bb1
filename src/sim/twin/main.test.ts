import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { start, TWIN } from './client.ts';
import { TRACK_PATH } from './events-api.ts';

const MAIN = fileURLToPath(new URL('./main.ts', import.meta.url));

test('one line on stdout says where it listens, and SIGTERM ends it', async (t) => {
  const child = spawn(process.execPath, [MAIN, '--port', '0'], { stdio: ['ignore', 'pipe', 'inherit'] });
  t.after(() => child.kill('SIGKILL'));
  let said = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  await once(child.stdout, 'data');
  const ready = JSON.parse(said) as { ready: boolean; url: string; port: number };
  assert.deepEqual(ready, { ready: true, url: `http://127.0.0.1:${ready.port}`, port: ready.port });
  assert.equal((await fetch(`${ready.url}/twin/state`)).status, 200);
  child.kill('SIGTERM');
  assert.deepEqual(await once(child, 'exit'), [0, null]);
  assert.equal(said.trim().split('\n').length, 1);
});

test('it ignores an interrupt while its parent lives, and ends with it', async (t) => {
  const child = spawn(process.execPath, [MAIN, '--watch-parent'], { stdio: ['pipe', 'pipe', 'inherit'] });
  t.after(() => child.kill('SIGKILL'));
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  child.kill('SIGINT');
  const { url } = JSON.parse(line.toString()) as { url: string };
  assert.equal((await fetch(`${url}/twin/state`)).status, 200);
  child.stdin.end();
  assert.deepEqual(await once(child, 'exit'), [0, null]);
});

test('what it received, its clock, switches, faults and pixels survive a crash', async (t) => {
  const dir = mkdtempSync(join(tmpdir(), 'twin-'));
  t.after(() => rmSync(dir, { recursive: true, force: true }));
  const before = await start(dir);
  t.after(before.stop);
  await before.pixels([{ code: 'P', tokens: [TWIN.token] }]);
  await before.switch({ mergeScope: 'anyCopy' });
  await before.clock({ advanceMs: 3_600_000 });
  const data = [{ event: 'Contact', event_time: 1_790_000_000, event_id: 'c-1', page: { url: 'u' } }];
  await fetch(before.url + TRACK_PATH, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'access-token': TWIN.token },
    body: JSON.stringify({ event_source: 'web', event_source_id: 'P', data }),
  });
  await before.fault({ channel: 'api', kind: 'http502', times: 2 });
  const [kept, events, requests] = [await before.state(), await before.events(), await before.requests()];
  await before.kill();

  const again = await start(dir);
  t.after(again.stop);
  const state = await again.state();
  assert.ok(state.now >= kept.now);
  assert.deepEqual({ ...state, now: 0 }, { ...kept, now: 0 });
  assert.deepEqual(await again.events(), events);
  assert.deepEqual(await again.requests(), requests);
  assert.equal(events.length, 1);
});
