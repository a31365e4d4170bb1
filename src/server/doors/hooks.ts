import type { IncomingMessage } from 'node:http';
import { hookRecords } from '../../collection/hook.ts';
import { unreadRecord } from '../../collection/unread.ts';
import type { HookRead, Told } from '../../collection/webhooks/provider.ts';
import { PROVIDERS } from '../../collection/webhooks/providers.ts';
import type { Door } from '../../event/event.ts';
import type { NewRecord } from '../../store/journal.ts';
import { problem, type Route, readBody } from '../http.ts';
import { HOOK_BYTES_MAX } from './bytes.ts';
import type { DoorFrame } from './frame.ts';
import { openHookWorld } from './hook-world.ts';

type Other = Extract<HookRead, { kind: 'other' }>;

/** What shops, payment providers and CRMs tell by themselves: orders, what becomes of them, and steps of leads. */
export function hookRoutes({
  check,
  receipts,
  config,
  sites,
  now,
  hooks: world = openHookWorld(),
}: DoorFrame): Route[] {
  function recordsOf(read: Told | Other, raw: Buffer, door: Door, at: number): NewRecord[] {
    const unread = (reason: string): NewRecord[] => [unreadRecord(raw, reason, 'quarantined', door, at, read.topic)];
    if (read.kind === 'other') return unread(read.reason);
    const told = hookRecords(read, door, at, sites());
    if (!told.ok) return unread('body_shape');
    return told.value.length > 0 ? told.value : unread('topic_unused');
  }

  return [
    {
      method: 'POST',
      path: '/v1/hooks/:provider',
      async answer({ request, parameters }) {
        const raw = await readBody(request, HOOK_BYTES_MAX);
        const name = parameters['provider'] ?? '';
        const provider = config.providers.includes(name) ? PROVIDERS.get(name) : undefined;
        const door: Door = `webhook:${provider?.name ?? 'unknown'}`;
        const receivedAt = now();
        const hook = { ...outsideOf(request, config.publicUrl), raw, receivedAt };
        const read = await provider?.read(hook, config.hookSecrets[provider.name] ?? [], world);
        if (!read || read.kind === 'refused') {
          const answer = problem(401, 'signature_wrong', 'The signature does not hold.');
          return check.refuse(raw, read?.reason ?? 'signature_wrong', door, answer);
        }
        if (read.kind === 'ping') return { status: 200, json: { ok: true } };
        // Asked to wait for a verdict, a provider would take us for slow and switch the webhook off.
        const records = recordsOf(read, raw, door, receivedAt);
        return { status: 202, json: { receipt: await receipts.write(records), accepted: records.length } };
      },
    },
  ];
}

/** A request as its sender wrote it. Behind a proxy the address is known by the settings, or by the host asked for. */
function outsideOf(
  { method = '', url = '/', headers }: IncomingMessage,
  publicUrl: string,
): { method: string; url: string; headers: Record<string, string | undefined> } {
  return {
    method,
    url: (publicUrl || `https://${headers.host ?? ''}`) + url,
    headers: Object.fromEntries(Object.entries(headers).map(([header, value]) => [header, [value].flat()[0]])),
  };
}
