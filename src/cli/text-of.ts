import { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { AssayError } from '../event/error.ts';

/** The text of a file, piece by piece; gzip is known by its first two bytes. A broken gzip throws `gzip_broken`. */
export async function* textOf(source: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const { head, rest } = await begun(source);
  const decoder = new TextDecoder();
  for await (const bytes of head[0] === 0x1f && head[1] === 0x8b ? unzipped(rest) : rest)
    yield decoder.decode(bytes, { stream: true });
  yield decoder.decode();
}

/** The first two bytes, and all of it to be read again. */
async function begun(
  source: AsyncIterable<Uint8Array>,
): Promise<{ head: Uint8Array; rest: AsyncIterable<Uint8Array> }> {
  const iterator = source[Symbol.asyncIterator]();
  let head: Uint8Array = new Uint8Array();
  while (head.length < 2) {
    const { value, done } = await iterator.next();
    if (done) break;
    head = head.length === 0 ? value : Buffer.concat([head, value]);
  }
  async function* rest(): AsyncGenerator<Uint8Array> {
    try {
      if (head.length > 0) yield head;
      for (let next = await iterator.next(); !next.done; next = await iterator.next()) yield next.value;
    } finally {
      await iterator.return?.();
    }
  }
  return { head, rest: rest() };
}

async function* unzipped(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const gunzip = createGunzip();
  const feed = Readable.from(source);
  feed.on('error', (error) => gunzip.destroy(error)).pipe(gunzip);
  try {
    yield* gunzip as AsyncIterable<Buffer>;
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && String(cause.code).startsWith('Z_'))
      throw new AssayError('gzip_broken', 'its gzip is broken or ends too early: what follows could not be read', {
        cause,
      });
    throw cause;
  } finally {
    feed.destroy();
    gunzip.destroy();
  }
}
