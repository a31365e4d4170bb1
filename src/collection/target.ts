import type { Parsed } from '../event/problem.ts';
import type { Spec } from '../spec/spec.ts';

const CHARS_MAX = 2048;

/**
 * Where a click may be sent on: an http or https address on a host of the spec's. Anybody may write any address
 * here, so whatever two readers could take for two hosts is none.
 */
export function readTarget(query: URLSearchParams, sites: Pick<Spec['sites'], 'origins' | 'domains'>): Parsed<URL> {
  const given = query.getAll('to');
  const [text = ''] = given;
  if (given.length !== 1) return wrong(text === '' ? 'is missing' : 'stands there more than once');
  if (text.length > CHARS_MAX) return wrong(`is longer than ${CHARS_MAX} characters`);
  // Browsers drop tabs and line ends and take a backslash for a slash; others do not.
  const url = PLAIN.test(text) ? URL.parse(text) : null;
  if (url?.username !== '' || url.password !== '') return wrong('is no plain http or https address');
  return isOurs(url, sites) ? { ok: true, value: url } : wrong('leads to a host that the tracking spec does not name');
}

/** Two slashes, a host in plain letters without user or password, and no character that readers treat differently. */
const PLAIN = /^https?:\/\/[a-z\d-][a-z\d.-]*(?::\d{1,5})?(?:[/?#][^\\\s\p{Cc}]*)?$/iu;

function isOurs(url: URL, { origins, domains }: Pick<Spec['sites'], 'origins' | 'domains'>): boolean {
  if (origins.includes(url.origin)) return true;
  return url.port === '' && domains.some((domain) => isUnder(url.hostname, domain));
}

/** Is the host the domain, or one under it? */
export function isUnder(host: string, domain: string): boolean {
  return host === domain || host.endsWith(`.${domain}`);
}

function wrong(what: string): Parsed<URL> {
  const fix = 'send one whole address, percent-encoded, on a host of sites.domains or sites.origins';
  return { ok: false, problems: [{ where: 'to', what, fix, code: 'target_foreign' }] };
}
