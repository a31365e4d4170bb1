import type { Checks } from '../checks.ts';
import type { Asked } from '../http.ts';
import type { FoundKey } from '../keys.ts';

/** A body that a page may tell with the write key, and a server with its secret one. */
export async function told(
  check: Checks,
  asked: Asked,
  raw: Buffer,
): Promise<{ door: 'browser' | 'server'; body: unknown; key: FoundKey }> {
  if (asked.request.headers.authorization !== undefined) {
    const key = await check.secretKey(asked, raw);
    return { door: 'server', body: await check.json(raw, 'server'), key };
  }
  await check.origin(asked, raw);
  const body = await check.json(raw, 'browser');
  return { door: 'browser', body, key: await check.writeKey(body, raw) };
}
