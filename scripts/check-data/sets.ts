/** The files of one set, by name; absent ones are undefined. */
export interface FoundSet {
  set: SetName;
  /** what tells it from other files of the same set, such as `2010-12_2011-06` */
  part: string;
  files: Partial<Record<string, string>>;
  /** names of files without which it can't be checked */
  lacks: string[];
}

export type SetName = keyof typeof SETS;

interface Role {
  /** how the file's name begins */
  begins: string;
  ends: RegExp;
  optional?: true;
}

const CSV = /\.csv(?:\.gz)?$/;
const TRUTH = /\.truth\.json$/;
const REFERENCE = /\.reference\.json$/;

/** What each set is made of; the first file of a set stands for it. */
const SETS = {
  'Online Retail': {
    lines: { begins: 'online-retail', ends: CSV },
    truth: { begins: 'online-retail', ends: TRUTH },
  },
  'Olist orders': {
    orders: { begins: 'olist-orders', ends: CSV },
    payments: { begins: 'olist-order-payments', ends: CSV },
    items: { begins: 'olist-order-items', ends: CSV, optional: true },
    truth: { begins: 'olist-orders', ends: TRUTH },
  },
  'Olist leads': {
    leads: { begins: 'olist-leads-mql', ends: CSV },
    deals: { begins: 'olist-leads-closed-deals', ends: CSV },
    truth: { begins: 'olist-leads-funnel', ends: TRUTH },
  },
  'Path data': {
    paths: { begins: 'pathdata', ends: CSV },
    truth: { begins: 'pathdata', ends: REFERENCE },
  },
} as const satisfies Record<string, Record<string, Role>>;

/**
 * The sets among the files of a folder, and the names of those of which nothing is there. Files belong together that
 * have the same text after the name of their kind; one that is alone of its kind serves all.
 */
export function findSets(names: readonly string[]): { found: FoundSet[]; missing: SetName[] } {
  const found: FoundSet[] = [];
  const missing: SetName[] = [];
  for (const [set, roles] of Object.entries(SETS) as [SetName, Record<string, Role>][]) {
    const byRole = Object.entries(roles).map(([role, { begins, ends, optional }]) => {
      const files = names.filter((name) => name.startsWith(begins) && ends.test(name)).sort();
      return { role, begins, ends, optional, files: files.map((name) => ({ name, part: partOf(name, begins, ends) })) };
    });
    const parts = new Set(
      byRole.filter(({ optional }) => !optional).flatMap(({ files }) => files.map((file) => file.part)),
    );
    // What serves all parts is none of its own.
    const first = byRole[0]?.files ?? [];
    const own = first.length > 0 ? [...new Set(first.map(({ part }) => part))] : [...parts].slice(0, 1);
    if (own.length === 0) missing.push(set);
    for (const part of own) {
      const chosen = byRole.map(({ role, begins, ends, optional, files }) => {
        const file = files.find((one) => one.part === part) ?? (files.length === 1 ? files[0] : undefined);
        return { begins, ends, role, optional, name: file?.name };
      });
      found.push({
        ...{ set, part },
        files: Object.fromEntries(chosen.flatMap(({ role, name }) => (name === undefined ? [] : [[role, name]]))),
        lacks: chosen
          .filter(({ name, optional }) => name === undefined && !optional)
          .map(({ begins, ends }) => `${begins}*.${kindOf(ends)}`),
      });
    }
  }
  return { found, missing };
}

function kindOf(ends: RegExp): string {
  return ends === TRUTH ? 'truth.json' : ends === REFERENCE ? 'reference.json' : 'csv.gz';
}

function partOf(name: string, begins: string, ends: RegExp): string {
  return name
    .slice(begins.length)
    .replace(ends, '')
    .replace(/^[-_.]/, '');
}
