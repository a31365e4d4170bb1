import { batch } from '../door.ts';
import { SHOP } from '../server.ts';
import { told } from './bodies.ts';

/** Pieces of text that a pattern for contacts, numbers, dates or names could go over again and again. */
export const PIECES = [
  ...['a%40', '%40', '%40.', '%4040.x ', '@', '@.', '@@.', '.@', 'a@.b', 'a@b', 'a@a.', 'x', '.', '%', '%25'],
  ...['1', '1 ', '12 ', '+1', '+1-', '(0', '0)', '0049 ', '(+49)', '12-34-', '2026-01-01', '2026-01-01T00:00:00 '],
  ...[' ', '\\t', '\\u00a0', '\\u0000', '\\u200b', '\\ud800', 'ß', '👩‍👩‍👧', '<', '\\"', '\\\\', '/', '__', '_a', '-'],
];

/** A JSON text of this piece, again and again. */
const long = (piece: string, bytes: number): string =>
  `"${piece.repeat(Math.floor(bytes / Buffer.byteLength(piece)))}"`;
const instead = (body: object, json: string): string => JSON.stringify(body).replaceAll('"HERE"', () => json);

const allHere = (names: string): object => Object.fromEntries(names.split(' ').map((name) => [name, 'HERE']));

/** One request that holds nothing but this piece, as long as its door takes it. */
export const SLOW: readonly [name: string, to: string, body: (piece: string) => string][] = [
  [
    'a property of 1 MB',
    'server POST /v1/server/events',
    (piece) => instead(told({ properties: { note: 'HERE' } }), long(piece, 1_000_000)),
  ],
  [
    'a property of a page',
    'page POST /v1/events',
    (piece) => instead(batch({ events: [{ event: 'Probe', properties: { note: 'HERE' } }] }), long(piece, 200_000)),
  ],
  [
    'each id and match key',
    'server POST /v1/server/events',
    (piece) =>
      instead(
        told({
          ...{ event_id: 'HERE', visitor: 'HERE', session: 'HERE' },
          user: allHere('email phone external_id city first_name zip_code user_agent'),
          properties: { ...allHere('order_id value currency'), contents: [allHere('content_id price')] },
        }),
        long(piece, 500),
      ),
  ],
  [
    'an address of 8 KB',
    'server POST /v1/server/events',
    (piece) =>
      instead(told({ page: { url: 'HERE', referrer: 'HERE' } }), `"${SHOP}/?q=${long(piece, 8000).slice(1, -1)}"`),
  ],
];
