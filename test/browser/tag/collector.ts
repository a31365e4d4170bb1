import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Webhook } from 'standardwebhooks';
import { parse, stringify } from 'yaml';
import type { TraceAnswer } from '../../../src/api/answers.ts';
import { TWIN } from '../../../src/sim/twin/client.ts';
import { DEFAULT_TRACKING_YAML } from '../../../src/spec/default-text.ts';
import { signIn } from '../../live.ts';
import { HOOK_SECRET, startTestServer, type TestServer } from '../../server.ts';
import { type Gate, openGate } from './gate.ts';

/** A part of the tracking file; what it leaves out is as in the built-in one. */
export interface SpecPart {
  business?: { id: string };
  destinations?: { id: string; pixel?: string; eventNames?: 'current' | 'legacy' }[];
  consent?: 'required' | 'none';
  events?: Record<string, object>;
  /** sections that this kit knows nothing of */
  more?: Record<string, unknown>;
}

/** A collector of one shop: its server, the gate before it, and its folder, which outlives restarts. */
export interface Collector {
  /** as pages reach it */
  url: string;
  gate: Gate;
  /** Stops the server and starts it on the same folder, with another tracking file. */
  restart(part: SpecPart): Promise<void>;
  /** What is known about one id; undefined when nothing is. */
  trace(id: string): Promise<TraceAnswer | undefined>;
  /** The provider's word that an order is paid in full. */
  pay(orderId: string, amount: string): Promise<void>;
  close(): Promise<void>;
}

interface Surroundings {
  /** where pages are, as origins */
  origins: string[];
  domains: string[];
  twinUrl: string;
  /** TikTok's script as pages reach it */
  pixelScript: string;
}

export async function openCollector(around: Surroundings, part: SpecPart): Promise<Collector> {
  const folder = mkdtempSync(join(tmpdir(), 'assay-tag-'));
  const specFile = join(folder, 'tracking.yaml');
  const gate = await openGate();
  const url = `http://collect.localhost:${gate.port}`;
  let server: TestServer | undefined;
  let cookie = '';

  async function start(part: SpecPart): Promise<void> {
    writeFileSync(specFile, specText(around, part));
    server = await startTestServer(around.twinUrl, {
      dataFolder: folder,
      specFile,
      publicUrl: url,
      tiktokPixel: around.pixelScript,
    });
    cookie = await signIn(server.signInUrl());
    gate.leadTo(server.publicPort);
  }
  const stop = async (): Promise<void> => server?.stop();

  const close = async (): Promise<void> => {
    await gate.close();
    await stop();
    rmSync(folder, { recursive: true, force: true });
  };

  try {
    await start(part);
  } catch (error) {
    await close();
    throw error;
  }
  return {
    url,
    gate,
    async restart(next) {
      await stop();
      await start(next);
    },
    async trace(id) {
      const answer = await fetch(`${server?.adminUrl}/v1/trace/${encodeURIComponent(id)}`, { headers: { cookie } });
      return answer.ok ? ((await answer.json()) as TraceAnswer) : undefined;
    },
    async pay(orderId, amount) {
      const data = { payment_id: `pay-${orderId}`, order_id: orderId, amount, currency: 'EUR' };
      const at = new Date();
      const body = JSON.stringify({ type: 'payment.succeeded', timestamp: at.toISOString(), data });
      const headers = {
        'webhook-id': `msg-${orderId}`,
        'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
        'webhook-signature': new Webhook(HOOK_SECRET).sign(`msg-${orderId}`, at, body),
      };
      const answer = await fetch(`http://127.0.0.1:${gate.port}/v1/hooks/standard`, { method: 'POST', headers, body });
      if (answer.status !== 202) throw new Error(`the webhook was refused: ${await answer.text()}`);
    },
    close,
  };
}

/** The built-in tracking file with this part in its place, and with short waits. */
function specText({ origins, domains }: Surroundings, part: SpecPart): string {
  const file = parse(DEFAULT_TRACKING_YAML) as Record<string, Record<string, unknown>>;
  const destinations = (part.destinations ?? [{ id: 'main' }]).map((target) => ({
    pixel: TWIN.pixel,
    token: 'env:TIKTOK_TOKEN',
    ...target,
  }));
  return stringify({
    ...file,
    business: { ...file['business'], ...part.business },
    sites: { ...file['sites'], origins, domains },
    destinations,
    consent: { ...file['consent'], mode: part.consent ?? 'none' },
    events: {
      ...file['events'],
      Purchase: { ...(file['events']?.['Purchase'] as object), confirm: 'none', delay: '20ms' },
      ...part.events,
    },
    delivery: { ...file['delivery'], linger: '20ms', firstRetry: '100ms' },
    scenarios: [],
    ...part.more,
  });
}
