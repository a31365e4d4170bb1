import { parseSpec } from '../src/spec/parse.ts';
import type { Spec } from '../src/spec/spec.ts';
import { AT_ONCE } from './transport-order.ts';

/** Everything leaves at once: no delay, no rate that would be the limit, and so many events a request. */
export function sendSpecText(events: number): string {
  return `assay: 1
business: { id: bench, name: Benchmark, country: DE, currency: EUR, timezone: Europe/Berlin }
sites: { origins: ["https://shop.example"], domains: [shop.example], urlParameters: [utm_*, ttclid, q] }
destinations:
  - { id: main, pixel: CD9079RC77U0N3GBV16Y, token: env:ASSAY_BENCH_TOKEN_THAT_IS_NOT_SET }
events:
  AddToCart: { legs: api, require: [content_id, quantity, value, currency], delay: 0s }
delivery: { batch: ${events}, atOnce: ${AT_ONCE}, linger: 0s, rate: { start: 100000, max: 100000 } }
`;
}

export function sendSpec(events: number): Spec {
  const parsed = parseSpec(sendSpecText(events), { rates: () => '' });
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  return { ...parsed.value, version: 1 };
}
