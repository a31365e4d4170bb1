/** What becomes of a right header on its way, or in bad hands. */
export function oddities(right: string): Record<string, string | undefined> {
  const half = Math.floor(right.length / 2);
  const other = right.endsWith('A') ? 'B' : 'A';
  return {
    missing: undefined,
    empty: '',
    'one character': right.slice(0, 1),
    short: right.slice(0, -1),
    half: right.slice(0, half),
    longer: `${right}A`,
    twice: right + right,
    repeated: `${right}, ${right}`,
    'of the same length': other.repeat(right.length),
    'another last character': right.slice(0, -1) + other,
    'not of its alphabet': '~'.repeat(right.length),
    'in another script': 'ß€😀'.repeat(20),
    'zero bytes': '\0'.repeat(right.length),
    'very long': 'A'.repeat(100_000),
    'the name of a prototype': '__proto__',
  };
}

/** Numbers, texts and lists that stand where they should not. */
export const ODD_VALUES: readonly unknown[] = [
  ...[null, true, '', ' ', 0, -1, 1.5, 1e21, [], {}, [[]], { id: 'x' }],
  ...['-5.00', '1,299.00', 'NaN', '9'.repeat(60), 'x'.repeat(3000), '2026-13-45T99:99:99Z', '__proto__', 'constructor'],
];

const EMAIL = 'jane.roe@mail.example';
const PHONE = '+49 30 901820';
const NAME = 'Janina Roemer';
export const PEOPLE = /jane\.roe|901820|janina|roemer/i;

/**
 * The body with a person in it: names in fields of their own anywhere, contacts there and in place of values. A name in
 * place of an id can't be told from an id.
 */
export function withPeople(body: unknown, chance: () => number): unknown {
  const person = () =>
    [EMAIL, PHONE, PHONE.replaceAll(' ', ''), { email: EMAIL, phone: PHONE, name: NAME }][chance() % 4];
  const walk = (value: unknown): unknown => {
    if (Array.isArray(value)) {
      const walked = value.map(walk);
      return chance() % 4 === 0 ? [...walked, NAME, person()] : walked;
    }
    if (typeof value === 'object' && value !== null) {
      const walked = Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, walk(inner)]));
      if (chance() % 2 > 0) return walked;
      return { ...walked, customer: person(), email: EMAIL, phone: PHONE, name_of_payer: NAME, note: `for ${NAME}` };
    }
    return chance() % 12 === 0 ? person() : value;
  };
  return walk(body);
}

/** The body with the n-th of its values, lists and objects included, replaced. */
export function withAnother(body: unknown, n: number, replacement: unknown): unknown {
  let count = 0;
  const size = (value: unknown): number =>
    1 +
    (typeof value === 'object' && value !== null
      ? Object.values(value).reduce((sum: number, inner) => sum + size(inner), 0)
      : 0);
  const place = n % size(body);
  const walk = (value: unknown): unknown => {
    if (count++ === place) return replacement;
    if (Array.isArray(value)) return value.map(walk);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, walk(inner)]));
  };
  return walk(body);
}

/** The body with every list a thousand long, each item with ids of its own. */
export function lengthened(value: unknown): unknown {
  if (Array.isArray(value))
    return Array.from({ length: 1000 }, (_, n) => renumbered(value[n % Math.max(1, value.length)], n));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, lengthened(inner)]));
}

function renumbered(value: unknown, n: number): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  const told = value as Record<string, unknown>;
  return Object.fromEntries(
    Object.entries(told).map(([name, inner]) => [name, /(?:^|_|[a-z](?=I))id$/i.test(name) ? n + 1 : inner]),
  );
}
