import assert from 'node:assert/strict';
import type { LiveStream } from '../src/api/answers.ts';

/** What is watched of Live. */
type Seen = Pick<LiveStream, 'rows' | 'counts'>;
type LiveMessage = { [Name in keyof Seen]: { name: Name; body: Seen[Name] } }[keyof Seen];

/** Opens a sign-in link and gives the cookie it sets. */
export async function signIn(link: string): Promise<string> {
  const answer = await fetch(link);
  assert.equal(answer.status, 200);
  return answer.headers.get('set-cookie')?.split(';')[0] ?? '';
}

/** Watches Live until `enough` says so; its messages in order, the rows put together. Fails after `msMax`. */
export async function watchLive(
  adminUrl: string,
  cookie: string,
  enough: (seen: Seen) => boolean,
  msMax: number,
): Promise<Seen> {
  const signal = AbortSignal.timeout(msMax);
  const answer = await fetch(`${adminUrl}/v1/live`, { headers: { cookie }, signal });
  assert.equal(answer.headers.get('content-type'), 'text/event-stream');
  let rows: LiveStream['rows'] = [];
  for await (const { name, body } of messages(answer.body as ReadableStream<Uint8Array>)) {
    if (name === 'rows') {
      rows = [...rows, ...body];
      continue;
    }
    if (enough({ rows, counts: body })) return { rows, counts: body };
  }
  throw new Error('Live ended');
}

async function* messages(body: ReadableStream<Uint8Array>): AsyncGenerator<LiveMessage> {
  let text = '';
  for await (const part of body.pipeThrough(new TextDecoderStream())) {
    const whole = (text + part).split('\n\n');
    text = whole.pop() ?? '';
    for (const message of whole) {
      const [, name, data] = /^event: (rows|counts)\ndata: (.*)$/.exec(message) ?? [];
      if (name !== undefined && data !== undefined) yield { name, body: JSON.parse(data) } as LiveMessage;
    }
  }
}
