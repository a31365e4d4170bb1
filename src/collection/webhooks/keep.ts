/**
 * A webhook's body with the fields at these dotted paths alone. Providers send names, addresses and cards along:
 * whatever is not on the provider's list is dropped before anything reads it.
 */
export function keepOnly(body: unknown, paths: readonly string[]): unknown {
  if (!isObject(body)) return body;
  const kept: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(body)) {
    const inside = paths.filter((path) => path.startsWith(`${name}.`)).map((path) => path.slice(name.length + 1));
    if (inside.length > 0) kept[name] = isObject(value) ? keepOnly(value, inside) : undefined;
    else if (paths.includes(name) && !(typeof value === 'object' && value !== null)) kept[name] = value;
  }
  return kept;
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** A topic's name, where it is one: what a provider writes there is its own, but never a person's. */
export function plainTopic(topic: unknown): string | undefined {
  const plain = typeof topic === 'string' && topic.length <= 64 && /^[a-z][a-z_]*(?:[.:/-][a-z_]+)*$/i.test(topic);
  return plain ? topic : undefined;
}
