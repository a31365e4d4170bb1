/** Whole HTTP requests of realistic events for one door; each event gets fresh ids at each sending. */
export interface Bodies {
  /** a request of its own, for one connection */
  request(): Buffer;
  /** puts fresh ids into a request that was made here */
  renew(request: Buffer): void;
  bodyBytes: number;
}

export interface Target {
  path: string;
  host: string;
  key: string;
  /** such as `prefer: wait=2`; with its line end */
  header?: string;
}

const AGENT =
  'Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148';
const HEX = Buffer.from('0123456789abcdef');
const ID = '#'.repeat(32);

/** Requests of `count` events, some 770 bytes each, as a shop's server sends them. `word` gives 32 random bits. */
export function bodies(target: Target, count: number, word: () => number, now = Date.now()): Bodies {
  const events = Array.from({ length: count }, (_, n) => ({
    event: 'AddToCart',
    event_id: ID,
    time: Math.floor(now / 1000),
    consent: 'granted',
    visitor: ID,
    session: ID,
    user: {
      external_id: `customer-${n}`,
      ttclid: 'E.C.P.CrcBQ2o0S1NBanF3ZVBxU2h0TjRnbmJtS0xXZEhyUXNwVnhKMkFUOXlGdU1i',
      ttp: '2aBcDeFgHiJkLmNoPqRsTuVwXyZ',
      ip: '203.0.113.7',
      user_agent: AGENT,
    },
    page: { url: 'https://shop.example/product/sku-10045?utm_source=tiktok', referrer: 'https://shop.example/' },
    properties: {
      content_id: 'SKU-10045',
      content_type: 'product',
      quantity: 1,
      value: 29.95,
      currency: 'EUR',
      contents: [{ content_id: 'SKU-10045', quantity: 1, price: 29.95 }],
    },
  }));
  const body = JSON.stringify(count === 1 ? events[0] : { events });
  const head = [
    `POST ${target.path} HTTP/1.1\r\nhost: ${target.host}\r\nauthorization: Bearer ${target.key}\r\n`,
    `content-type: application/json\r\n${target.header ?? ''}content-length: ${Buffer.byteLength(body)}\r\n\r\n`,
  ].join('');
  const text = head + body;
  const places = Array.from(text.matchAll(/#{32}/g), (match) => match.index);
  const fill = (request: Buffer, at: number): void => {
    for (let place = at; place < at + 32; place += 8) {
      for (let n = 0, bits = word(); n < 8; n++, bits >>>= 4) request[place + n] = HEX[bits & 15] as number;
    }
  };
  return {
    bodyBytes: Buffer.byteLength(body),
    request: () => Buffer.from(text),
    renew(request) {
      for (const at of places) fill(request, at);
    },
  };
}

/** 32 random bits at a time, the same ones for the same seed (xoshiro128**, Blackman and Vigna, public domain). */
export function words(seed: number): () => number {
  const state = Uint32Array.from([seed, 0x9e3779b9, 0x243f6a88, 0xb7e15162]);
  let [a = 0, b = 0, c = 0, d = 0] = state;
  const next = (): number => {
    const five = Math.imul(b, 5);
    const result = Math.imul((five << 7) | (five >>> 25), 9);
    const shifted = b << 9;
    c ^= a;
    d ^= b;
    b ^= c;
    a ^= d;
    c ^= shifted;
    d = (d << 11) | (d >>> 21);
    return result >>> 0;
  };
  for (let n = 0; n < 20; n++) next();
  return next;
}
