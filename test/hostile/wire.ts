import { KEY } from '../door.ts';

const request = (line: string, ...more: string[]): string =>
  [`${line} HTTP/1.1`, 'host: x', 'connection: close', ...more, '', ''].join('\r\n');
const key = `authorization: ${KEY.authorization}`;
const post = (...more: string[]): string => request('POST /v1/server/events', key, ...more);
const chunk = (bytes: number): string => `${bytes.toString(16)}\r\n${'x'.repeat(bytes)}\r\n`;

/** Bytes that no client of ours would write, and the start of what comes back; nothing where the line is cut or waits. */
export const WIRE: readonly [name: string, bytes: string | Buffer, answer: RegExp][] = [
  ['two lengths of one body', `${post('content-length: 10', 'content-length: 12')}{}`, /^HTTP\/1\.1 400 /],
  ['a length and chunks', `${post('content-length: 10', 'transfer-encoding: chunked')}0\r\n\r\n`, /^HTTP\/1\.1 400 /],
  ['a negative length', post('content-length: -1'), /^HTTP\/1\.1 400 /],
  ['a length in words', post('content-length: ten'), /^HTTP\/1\.1 400 /],
  ['a length beyond all numbers', post('content-length: 99999999999999999999999'), /^HTTP\/1\.1 400 /],
  ['a body shorter than its length', `${post('content-length: 1000')}{}`, /^$/],
  ['chunks that are none', `${post('transfer-encoding: chunked')}zz\r\n{}\r\n0\r\n\r\n`, /^HTTP\/1\.1 400 /],
  ['a chunk larger than it says', `${post('transfer-encoding: chunked')}2\r\n{}}}}}\r\n0\r\n\r\n`, /^HTTP\/1\.1 400 /],
  ['chunks that never end', `${post('transfer-encoding: chunked')}${chunk(100)}${chunk(100)}`, /^$/],
  ['chunks that grow too large', post('transfer-encoding: chunked') + chunk(65_536).repeat(40), /^HTTP\/1\.1 413 /],
  ['a chunk of 4 GB', `${post('transfer-encoding: chunked')}ffffffff\r\n`, /^$/],
  ['an encoding of transfer nobody knows', `${post('transfer-encoding: gzip')}{}`, /^HTTP\/1\.1 400 |^$/],
  ['no host', 'GET /healthz HTTP/1.1\r\nconnection: close\r\n\r\n', /^HTTP\/1\.1 400 /],
  ['a header without a colon', request('GET /healthz', 'nonsense'), /^HTTP\/1\.1 400 /],
  ['a header with a NUL', request('GET /healthz', 'x-a: b\0c'), /^HTTP\/1\.1 400 /],
  ['a header of 20 KB', request('GET /healthz', `x-a: ${'b'.repeat(20_000)}`), /^HTTP\/1\.1 431 /],
  ['a header that is never ended', 'GET /healthz HTTP/1.1\r\nhost: x\r\nx-slow: ', /^$/],
  ['a method nobody knows', request('BREW /healthz'), /^HTTP\/1\.1 400 /],
  ['a method in lower case', request('get /healthz'), /^HTTP\/1\.1 400 /],
  ['TRACE', request('TRACE /healthz'), /^HTTP\/1\.1 405 /],
  ['CONNECT to another host', 'CONNECT evil.example:80 HTTP/1.1\r\nhost: evil.example\r\n\r\n', /^$/],
  ['an upgrade', request('GET /healthz', 'upgrade: websocket').replace('close', 'upgrade'), /^HTTP\/1\.1 200 /],
  ['an expectation nobody knows', post('expect: 200-maybe', 'content-length: 0'), /^HTTP\/1\.1 417 /],
  ['HTTP/0.9', 'GET /healthz\r\n\r\n', /^HTTP\/1\.1 [24]00 /],
  ['HTTP/9.9', 'GET /healthz HTTP/9.9\r\nhost: x\r\n\r\n', /^HTTP\/1\.1 (?:400|505) /],
  ['a TLS greeting', Buffer.from('16030100a5010000a10303aabbccdd', 'hex'), /^HTTP\/1\.1 400 /],
  ['chance', Buffer.from(Array.from({ length: 500 }, (_, n) => (n * 193 + 71) % 256)), /^HTTP\/1\.1 400 /],
  ['an address of 9,000 letters', request(`GET /${'x'.repeat(9000)}`), /^HTTP\/1\.1 414 /],
  ['an address of 40,000 letters', request(`GET /${'x'.repeat(40_000)}`), /^HTTP\/1\.1 431 /],
  ['10,000 parts of a path', request(`GET ${'/x'.repeat(4000)}`), /^HTTP\/1\.1 404 /],
  ['a NUL in the address', request('GET /a\0b'), /^HTTP\/1\.1 400 /],
  ['an encoded NUL in the address', request('GET /v1/receipts/%00'), /^HTTP\/1\.1 404 /],
  ['an escape that is none', request('GET /v1/receipts/%zz%'), /^HTTP\/1\.1 404 /],
  [
    'bytes beyond ASCII in the address',
    Buffer.from(request('GET /v1/receipts/\xff\xfe'), 'latin1'),
    /^HTTP\/1\.1 40[04] /,
  ],
  ['a path that climbs', request('GET /v1/../../../etc/passwd'), /^HTTP\/1\.1 404 /],
  ['a path that climbs in escapes', request('GET /assets/%2e%2e/%2e%2e/package.json'), /^HTTP\/1\.1 404 /],
  ['a path with an escaped slash', request('GET /v1%2Freceipts%2Fx'), /^HTTP\/1\.1 404 /],
  ['a path with two slashes', request('GET /v1//receipts/x'), /^HTTP\/1\.1 404 /],
  ['a path with a backslash', request('GET /v1\\healthz'), /^HTTP\/1\.1 404 /],
  ['a path in capitals', request('GET /HEALTHZ'), /^HTTP\/1\.1 404 /],
  ['a path with a slash at its end', request('GET /healthz/'), /^HTTP\/1\.1 404 /],
  ['a star', request('OPTIONS *'), /^HTTP\/1\.1 404 /],
  ['an address of another host', request('GET http://evil.example/v1/settings'), /^HTTP\/1\.1 404 /],
  [
    'three requests at once, the second one wrong',
    request('GET /healthz').replace('close', 'keep-alive') +
      request('GET /nothing').replace('close', 'keep-alive') +
      request('GET /healthz'),
    /^HTTP\/1\.1 200 .*HTTP\/1\.1 404 .*HTTP\/1\.1 200 /s,
  ],
  [
    'a request hidden in another one’s body',
    `${request('POST /v1/nothing', 'content-length: 44').replace('close', 'keep-alive')}GET /v1/settings HTTP/1.1\r\nhost: x\r\n\r\nxxxx`,
    /^HTTP\/1\.1 404 (?!.*HTTP\/1\.1 200)/s,
  ],
  [
    '200 requests at once',
    request('GET /healthz').replace('close', 'keep-alive').repeat(199) + request('GET /healthz'),
    /^(?:HTTP\/1\.1 200 .*?\{"ok":true\}){200}$/s,
  ],
];
