// The ceiling of sending: undici that writes each body as JSON and posts it, so many requests at once, and reads each answer
// to its end. Nothing is picked, checked, written down or understood.
import { readFileSync } from 'node:fs';
import { Agent, request } from 'undici';
import type { TrackItem } from '../../src/tiktok/body.ts';
import type { SendOrder, SendReport } from '../transport-order.ts';

const order = JSON.parse(process.argv[2] ?? '{}') as SendOrder;
const items = JSON.parse(readFileSync(order.items, 'utf8')) as TrackItem[];
const agent = new Agent({ connections: order.atOnce });
const url = `http://127.0.0.1:${order.port}/open_api/v1.3/event/track/`;
const headers = { 'content-type': 'application/json', 'access-token': 'token' };
let next = 0;
let sent = 0;
let stopped = false;

async function line(): Promise<void> {
  while (!stopped) {
    if (next + order.events > items.length) next = 0;
    const data = items.slice(next, next + order.events);
    next += order.events;
    const body = JSON.stringify({ event_source: 'web', event_source_id: 'C', partner_name: 'Assay', data });
    const answer = await request(url, { dispatcher: agent, method: 'POST', headers, body });
    await answer.body.text();
    sent += data.length;
  }
}

const lines = Array.from({ length: order.atOnce }, line);
await new Promise((done) => setTimeout(done, order.warmSeconds * 1000));
const [from, before, cpu] = [performance.now(), sent, process.cpuUsage()];
await new Promise((done) => setTimeout(done, order.seconds * 1000));
const [seconds, events, used] = [(performance.now() - from) / 1000, sent - before, process.cpuUsage(cpu)];
stopped = true;
await Promise.all(lines);
const report: SendReport = { events, seconds, cpuSeconds: (used.user + used.system) / 1e6 };
console.log(JSON.stringify(report));
process.exit();
