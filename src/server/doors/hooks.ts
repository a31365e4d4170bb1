import { unreadRecord } from '../../collection/unread.ts';
import { PROVIDERS } from '../../collection/webhooks/providers.ts';
import type { Door } from '../../event/event.ts';
import type { NewRecord } from '../../store/journal.ts';
import { problem, type Route, readBody } from '../http.ts';
import { HOOK_BYTES_MAX } from './bytes.ts';
import type { DoorFrame } from './frame.ts';

/** Payments, told by those who take them. */
export function hookRoutes({ check, receipts, config, now }: DoorFrame): Route[] {
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
        const headers = Object.fromEntries(
          Object.entries(request.headers).map(([header, value]) => [header, [value].flat()[0]]),
        );
        const read = provider?.read({ headers, raw, receivedAt }, config.webhookSecrets);
        if (!read || read.kind === 'refused') {
          const answer = problem(401, 'signature_wrong', 'The signature does not hold.');
          return check.refuse(raw, read?.reason ?? 'signature_wrong', door, answer);
        }
        const record: NewRecord =
          read.kind === 'payment'
            ? { kind: 'payment', door, keyId: door, receivedAt, body: { ...read.payment }, personal: null }
            : unreadRecord(raw, read.reason, 'quarantined', door, receivedAt, read.topic);
        return { status: 202, json: { receipt: await receipts.write([record]), accepted: 1 } };
      },
    },
  ];
}
