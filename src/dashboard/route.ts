/** The pages, in the order of the navigation. */
export const PAGES = [
  { name: 'live', path: '/live', title: 'Live' },
  { name: 'funnel', path: '/funnel', title: 'Funnel' },
  { name: 'attribution', path: '/attribution', title: 'Attribution' },
  { name: 'orders', path: '/orders', title: 'Orders' },
  { name: 'leads', path: '/leads', title: 'Leads' },
  { name: 'deliveries', path: '/deliveries', title: 'Deliveries' },
  { name: 'trace', path: '/trace', title: 'Trace' },
  { name: 'settings', path: '/settings', title: 'Settings' },
] as const;

type PageName = (typeof PAGES)[number]['name'];

/** What an address shows. `id` is the rest of the path, decoded. */
export type Route = { page: PageName; id?: string } | { page: 'none'; path: string };

/** `/` is Live; `/trace/10045` is Trace with an id. */
export function routeOf(path: string): Route {
  const [name = '', ...rest] = path.split('/').slice(1);
  if (name === '') return { page: 'live' };
  const known = PAGES.find((page) => page.name === name);
  const id = decoded(rest.join('/'));
  if (!known || id === undefined) return { page: 'none', path };
  return id === '' ? { page: known.name } : { page: known.name, id };
}

/** The address of everything known about an id. */
export function tracePath(id: string | number): string {
  return `/trace/${encodeURIComponent(id)}`;
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
