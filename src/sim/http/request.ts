import { request as httpRequest, type IncomingHttpHeaders } from 'node:http';

const ANSWER_BYTES_MAX = 1024 * 1024;

export interface Sent {
  method: 'GET' | 'POST';
  url: string;
  headers?: Record<string, string>;
  body?: string;
  timeoutMs: number;
  /** address of this machine that it leaves from */
  from?: string | undefined;
  signal?: AbortSignal;
}

export interface Got {
  status: number;
  headers: IncomingHttpHeaders;
  text: string;
}

/** One request over plain HTTP on a connection of its own, so that nothing stays open afterwards. */
export function request(sent: Sent): Promise<Got> {
  const url = new URL(sent.url);
  return new Promise((resolve, reject) => {
    const outgoing = httpRequest(
      {
        // Node's look-up does not know *.localhost, browsers do.
        host: url.hostname.endsWith('.localhost') ? '127.0.0.1' : url.hostname,
        port: url.port,
        path: url.pathname + url.search,
        method: sent.method,
        headers: {
          ...sent.headers,
          host: url.host,
          ...(sent.body === undefined ? {} : { 'content-length': Buffer.byteLength(sent.body) }),
        },
        agent: false,
        localAddress: sent.from,
        signal: sent.signal
          ? AbortSignal.any([sent.signal, AbortSignal.timeout(sent.timeoutMs)])
          : AbortSignal.timeout(sent.timeoutMs),
      },
      (incoming) => {
        const chunks: Buffer[] = [];
        let bytes = 0;
        incoming.on('data', (chunk: Buffer) => {
          bytes += chunk.length;
          if (bytes > ANSWER_BYTES_MAX) incoming.destroy(new Error('the answer is too large'));
          else chunks.push(chunk);
        });
        incoming.on('error', reject);
        incoming.on('end', () =>
          resolve({
            status: incoming.statusCode ?? 0,
            headers: incoming.headers,
            text: Buffer.concat(chunks).toString('utf8'),
          }),
        );
      },
    );
    outgoing.on('error', reject);
    outgoing.end(sent.body);
  });
}
