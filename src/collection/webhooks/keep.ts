/**
 * A webhook's body with the fields at these dotted paths alone; `*` stands for each item of a list. Providers send names,
 * addresses and cards along: whatever is not on the provider's list is dropped before anything reads it.
 */
export function keepOnly(body: unknown, paths: readonly string[]): unknown {
  return isObject(body) ? walk(body, treeOf(paths)) : body;
}

/** What is kept of a value: itself where it is plain and listed, and of an object or list the fields below. */
interface Kept {
  isPlain: boolean;
  below: Map<string, Kept>;
}

function treeOf(paths: readonly string[]): Kept {
  const root: Kept = { isPlain: false, below: new Map() };
  for (const path of paths) {
    let place = root;
    for (const name of path.split('.')) {
      const next = place.below.get(name) ?? { isPlain: false, below: new Map() };
      place.below.set(name, next);
      place = next;
    }
    place.isPlain = true;
  }
  return root;
}

function walk(value: unknown, kept: Kept): unknown {
  if (!isObject(value)) return kept.isPlain ? value : undefined;
  if (kept.below.size === 0) return undefined;
  if (Array.isArray(value)) {
    const each = kept.below.get('*') ?? NOTHING;
    return value.map((item) => walk(item, each));
  }
  const fields: Record<string, unknown> = {};
  for (const [name, inside] of kept.below)
    if (Object.hasOwn(value, name)) fields[name] = walk((value as Record<string, unknown>)[name], inside);
  return fields;
}

const NOTHING: Kept = { isPlain: false, below: new Map() };

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;

/**
 * The listed fields of a JSON body; undefined where it is no JSON. A number that is no safe integer comes as it was
 * written: an order's id may be longer than a double, and money is never one.
 */
export function readKept(raw: Buffer, paths: readonly string[]): { body: unknown } | undefined {
  try {
    return { body: keepOnly(JSON.parse(raw.toString('utf8'), asWritten), paths) };
  } catch {
    return undefined;
  }
}

function asWritten(_name: string, value: unknown, context?: { source?: string }): unknown {
  return typeof value === 'number' && !Number.isSafeInteger(value) ? context?.source : value;
}

/** A topic's name, where it is one: what a provider writes there is its own, but never a person's. */
export function plainTopic(topic: unknown): string | undefined {
  const plain = typeof topic === 'string' && topic.length <= 64 && /^[a-z][a-z_]*(?:[.:/-][a-z_]+)*$/i.test(topic);
  return plain ? topic : undefined;
}
