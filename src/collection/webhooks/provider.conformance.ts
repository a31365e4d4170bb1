import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { MOVES_MONEY } from '../../event/order.ts';
import { DAY, MINUTE } from '../../event/time.ts';
import { lengthened, ODD_VALUES, oddities, PEOPLE, withAnother, withPeople } from './bodies.conformance.ts';
import type { Hook, HookRead, HookWorld, Provider, Told } from './provider.ts';
import { wellFormed } from './well-formed.conformance.ts';

/** A provider's genuine webhook, and how it signs. */
export interface ProviderVectors {
  /** what the body is, where a provider has several vectors */
  about?: string;
  /** two live secrets, as its variable holds them during a rotation */
  secrets: readonly [current: string, old: string];
  /** a secret that is none of the two, where one can be made; else made from the current one */
  wrong?: string;
  /** a genuine JSON body that tells something */
  body: string;
  /** UTC ms at which it was signed */
  at: number;
  /** the headers that prove it is genuine, and only those: each of them is tampered with; names lower-case */
  sign(body: Buffer, secret: string, at: number): Record<string, string>;
  /** headers that go along unsigned, such as the topic */
  headers?: Record<string, string>;
  /** is the time of signing part of what is signed? */
  timestamped: boolean;
  /** how old, or how far ahead, a signed time may be; five minutes unless told */
  replayWindow?: number;
  /** the provider proves who it is, and not what it says: the body is not signed */
  unsigned?: true;
  /** a genuine message of a topic that means nothing here, and the name under which it is kept */
  unknown: { body: string; headers?: Record<string, string>; topic: string };
  /** genuine bodies that together tell all that its topics can tell */
  examples: readonly { body: object; headers?: Record<string, string> }[];
  hook?: Pick<Hook, 'method' | 'url'>;
  world?: HookWorld;
  /** runs of each property; 200 unless told, fewer where a signature is dear */
  runs?: number;
}

/** What every provider does with a webhook; registers the tests. */
export function conformsAsProvider(provider: Provider, vectors: ProviderVectors): void {
  const { secrets, at, sign, timestamped, unsigned } = vectors;
  const [current, old] = secrets;
  const wrong = vectors.wrong ?? [...current].reverse().join('');
  const numRuns = vectors.runs ?? 200;
  const window = vectors.replayWindow ?? 5 * MINUTE;
  const world = vectors.world ?? { fetch: () => Promise.reject(new Error('no network in tests')), roots: () => [] };
  const genuine = Buffer.from(vectors.body);
  const otherHeaders = vectors.headers ?? {};

  const read = async (change: Change = {}): Promise<HookRead> => {
    const {
      secret = current,
      known = secrets,
      signed = genuine,
      sent = signed,
      signedAt = at,
      receivedAt = at,
    } = change;
    const { headers = {}, alongside = otherHeaders } = change;
    const { method, url } = vectors.hook ?? {
      method: 'POST',
      url: `https://collect.shop.example/v1/hooks/${provider.name}`,
    };
    const all = { ...alongside, ...sign(signed, secret, signedAt), ...headers };
    return provider.read({ method, url, headers: all, raw: sent, receivedAt }, known, world);
  };
  const refuses = async (change: Change, what: string): Promise<void> =>
    assert.deepEqual(await read(change), { kind: 'refused', reason: 'signature_wrong' }, what);

  // A test that can't hold for a provider is not there, rather than skipped.
  const only = (holds: boolean) => (name: string, run: () => Promise<void>) => void (holds && test(name, run));
  const signsBody = only(!unsigned);
  const signsTime = only(timestamped);

  describe(`webhooks of ${[provider.title, vectors.about].filter(Boolean).join(', ')}`, () => {
    test('a genuine message is read', async () => {
      const told = await read();
      assert.equal(told.kind, 'told');
      assert.ok(told.kind === 'told' && (told.order || told.facts.length > 0 || (told.steps ?? []).length > 0));
      wellFormed(provider, told);
    });

    test('during a rotation either secret opens, in whatever order they stand, and none that was taken out', async () => {
      for (const known of [secrets, [old, current]])
        for (const secret of secrets) assert.equal((await read({ secret, known })).kind, 'told');
      await refuses({ secret: old, known: [current] }, 'the old one alone');
      await refuses({ secret: current, known: [old] }, 'the new one alone');
    });

    test('a wrong secret, and none at all, open nothing', async () => {
      await refuses({ secret: wrong }, 'wrong');
      await refuses({ known: [] }, 'none');
    });

    signsBody('a body that was touched is refused', async () => {
      const last = genuine.length - 1;
      for (const [what, sent] of Object.entries({
        'a byte more': Buffer.concat([genuine, Buffer.from(' ')]),
        'a byte less': genuine.subarray(0, last),
        nothing: Buffer.alloc(0),
        'another digit': Buffer.from(vectors.body.replace(/\d/, (digit) => String((Number(digit) + 1) % 10))),
        'a mark of byte order': Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), genuine]),
      }))
        await refuses({ sent }, what);
    });

    signsBody('the same JSON in other bytes is refused', async () => {
      const parsed: unknown = JSON.parse(vectors.body);
      for (const text of [JSON.stringify(parsed, null, 3), JSON.stringify(parsed, null, '\t'), ` ${vectors.body}`]) {
        assert.deepEqual(JSON.parse(text), parsed);
        await refuses({ sent: Buffer.from(text) }, text.slice(0, 20));
      }
    });

    test('a header that is missing, empty, short, longer or odd is refused', async () => {
      const proof = sign(genuine, current, at);
      assert.ok(Object.keys(proof).length > 0);
      for (const [name, right] of Object.entries(proof)) {
        assert.equal(name, name.toLowerCase());
        for (const [what, value] of Object.entries(oddities(right))) {
          if (value === right) continue;
          const told = await read({ headers: { [name]: value } });
          // One that lists several signatures may find the right one twice.
          if (what === 'repeated' && told.kind === 'told') assert.deepEqual(told, await read());
          else assert.deepEqual(told, { kind: 'refused', reason: 'signature_wrong' }, `${name} ${what}`);
        }
      }
    });

    test('whatever stands in the headers, nothing opens without the secret, and nothing throws', async () => {
      const names = Object.keys(sign(genuine, current, at));
      const text = fc.oneof(
        fc.string(),
        fc.string({ unit: 'binary' }),
        fc.base64String(),
        fc.stringMatching(/^[0-9a-f]+$/),
      );
      await fc.assert(
        fc.asyncProperty(fc.record(Object.fromEntries(names.map((name) => [name, text]))), async (headers) => {
          await refuses({ headers }, 'random');
        }),
        { numRuns },
      );
    });

    signsTime('a stale message and one from the future are refused', async () => {
      for (const ms of [-window - 2000, window + 2000, -DAY, DAY, 400 * DAY])
        await refuses({ receivedAt: at + ms }, `${ms} ms away`);
      for (const ms of [-window + 2000, window - 2000])
        assert.equal((await read({ receivedAt: at + ms })).kind, 'told');
    });

    test('the same message again tells the same under the same references', async () => {
      const first = await read();
      for (const receivedAt of timestamped ? [at, at + MINUTE] : [at, at + MINUTE, at + 30 * DAY])
        assert.deepEqual(await read({ receivedAt }), first);
      assert.deepEqual(await read({ signedAt: at + MINUTE, receivedAt: at + MINUTE, secret: old }), first);
    });

    test('a topic without a meaning is kept, under its name', async () => {
      const { body, headers, topic } = vectors.unknown;
      const told = await read({ signed: Buffer.from(body), alongside: { ...otherHeaders, ...headers } });
      assert.ok(told.kind === 'other' && (told.reason === 'topic_unknown' || told.reason === 'topic_unused'));
      assert.equal(told.topic, topic);
    });

    test('no e-mail address, phone number or name comes out, wherever it stands in the body', async () => {
      const body: unknown = JSON.parse(vectors.body);
      await fc.assert(
        fc.asyncProperty(fc.infiniteStream(fc.nat()), async (chance) => {
          const planted = withPeople(body, () => chance.next().value as number);
          const told = await read({ signed: Buffer.from(JSON.stringify(planted)) });
          assert.doesNotMatch(JSON.stringify(told), PEOPLE);
          wellFormed(provider, told);
        }),
        { numRuns },
      );
    });

    test('any bytes that are rightly signed are read without a fault', async () => {
      const bytes = fc.oneof(
        fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)),
        fc.json().map((text) => Buffer.from(text)),
      );
      await fc.assert(
        fc.asyncProperty(bytes, async (signed) => wellFormed(provider, await read({ signed }))),
        { numRuns },
      );
    });

    test('a genuine body with any of its values replaced is read without a fault', async () => {
      const body: unknown = JSON.parse(vectors.body);
      const odd = fc.oneof(fc.jsonValue({ maxDepth: 2 }), fc.constantFrom(...ODD_VALUES));
      await fc.assert(
        fc.asyncProperty(fc.nat(), odd, async (place, value) => {
          const signed = Buffer.from(JSON.stringify(withAnother(body, place, value)));
          wellFormed(provider, await read({ signed }));
        }),
        { numRuns },
      );
    });

    test('long lists in a body make no long lists here', async () => {
      const signed = Buffer.from(JSON.stringify(lengthened(JSON.parse(vectors.body))));
      const told = await read({ signed });
      wellFormed(provider, told);
    });

    test('each topic tells what it declares, and nothing else', async () => {
      const told = new Map<string, Set<string>>();
      for (const { body, headers } of vectors.examples) {
        const signed = Buffer.from(JSON.stringify(body));
        const one = await read({ signed, alongside: { ...otherHeaders, ...headers } });
        wellFormed(provider, one);
        if (one.kind === 'told') told.set(one.topic, new Set([...(told.get(one.topic) ?? []), ...tellsOf(one)]));
      }
      const declared = provider.topics.map(({ topic, tells }) => [topic, [...tells].sort()]);
      const found = provider.topics.map(({ topic }) => [topic, [...(told.get(topic) ?? [])].sort()]);
      assert.deepEqual(found, declared);
    });

    test('of what it never tells it says what fills the hole, and of nothing else', () => {
      const all = new Set<string>(provider.topics.flatMap(({ tells }) => tells));
      const holes = Object.keys(provider.holes).filter((hole) => !PARTS.has(hole));
      const untold = ['order', ...Object.keys(MOVES_MONEY)].filter((one) => !all.has(one));
      if (all.has('payment')) assert.deepEqual(new Set(holes), new Set(untold));
      else assert.deepEqual(holes, []);
    });

    test('it says what it is, needs, understands and lacks', () => {
      assert.match(provider.name, /^[a-z]{2,20}$/);
      assert.match(provider.secret.variable, /^ASSAY_[A-Z_]+$/);
      for (const secret of secrets) assert.equal(provider.secret.check(secret), undefined);
      assert.equal(typeof provider.secret.check(''), 'string');
      const topics = provider.topics.map(({ topic }) => topic);
      assert.deepEqual(topics, [...new Set(topics)]);
      assert.ok(provider.topics.length > 0 && provider.topics.every(({ means }) => means !== ''));
      for (const sentence of provider.lacks) assert.match(sentence, /^[A-Z].*\.$/);
      for (const path of provider.keeps) assert.match(path, /^(?:[\w-]+|\*)(?:\.(?:[\w-]+|\*))*$/);
    });
  });
}

/** No topic says by its facts alone whether it tells these. */
const PARTS = new Set(['partlyPaid', 'partlyRefunded', 'paymentFee']);

function tellsOf({ order, facts, steps = [] }: Told): string[] {
  return [
    ...(order ? ['order'] : []),
    ...(steps.length > 0 ? ['step'] : []),
    ...facts.map(({ fact = 'payment' }) => fact),
  ];
}

interface Change {
  secret?: string;
  known?: readonly string[];
  signed?: Buffer;
  sent?: Buffer;
  signedAt?: number;
  receivedAt?: number;
  headers?: Record<string, string | undefined>;
  alongside?: Record<string, string>;
}
