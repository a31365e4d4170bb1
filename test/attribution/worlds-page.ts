/** Worlds that are compared with the oracle, and stand on the page. */
export const SEEDS = 22;

export const WORLDS_PAGE = new URL('../../docs/attribution-worlds.md', import.meta.url);
const BEGIN = '<!-- worlds: written by node scripts/worlds.ts --write -->';
const END = '<!-- end of worlds -->';

/** The page with this table between its markers. */
export function withTable(page: string, table: string): string {
  const [from, to] = [page.indexOf(BEGIN), page.indexOf(END)];
  if (from < 0 || to < from) throw new Error('docs/attribution-worlds.md has lost the markers around its table');
  return `${page.slice(0, from + BEGIN.length)}\n\n${table}\n\n${page.slice(to)}`;
}
