import { KINDS, type KindName } from '../../src/spec/kinds.ts';
import { jsonSchema } from '../../src/spec/shape.ts';
import { code, page, table } from './markdown.ts';

/** The parts of the file's JSON Schema that the page tells of. */
interface Node {
  type?: string;
  description?: string;
  default?: unknown;
  const?: string | number;
  enum?: string[];
  minimum?: number;
  maximum?: number;
  required?: string[];
  properties?: Record<string, Node>;
  patternProperties?: Record<string, Node>;
  items?: Node;
  anyOf?: Node[];
  'x-kind'?: KindName | 'json';
  'x-key'?: KindName;
}

export function trackingSpecPage(): string {
  const file = jsonSchema() as Node;
  const sections = Object.entries(file.properties ?? {}).flatMap(([name, node]) => [
    `## ${name}`,
    node.description ?? '',
    table(['field', 'form', 'default', 'meaning'], fields(name, node, mustBeSaid(file, name))),
  ]);
  return page('The tracking spec', 'jsonSchema() in src/spec/shape.ts', [
    'Every field of `tracking.yaml`. [The guide](../guides/tracking-spec.md) says what they are for; `tracking.schema.json` beside this page is the same for editors. `[]` stands for each entry of a list, `<…>` for a name of your choice.',
    ...sections,
    '## Forms',
    table(['form', 'example', 'how to write it'], kinds()),
  ]);
}

/** The schema for editors, as `assay spec check --schema` prints it. */
export function trackingSchema(): string {
  return `${JSON.stringify(jsonSchema(), null, 2)}\n`;
}

/** One row for a value, or the rows of what is inside it. */
function fields(path: string, node: Node, required: boolean): string[][] {
  const inner = insideOf(path, node);
  const rows = inner.flatMap(([name, child, must]) => fields(name, child, must));
  return rows.length > 0 && node.properties ? rows : [row(path, node, required), ...rows];
}

function row(path: string, node: Node, required: boolean): string[] {
  const fallback = 'default' in node ? code(JSON.stringify(node.default)) : required ? '**must be said**' : 'none';
  return [code(path), form(node), fallback, node.description ?? ''];
}

/** The named parts of a section, of a list's entries or of a map's values. */
function insideOf(path: string, node: Node): [path: string, node: Node, required: boolean][] {
  const { properties, items } = node;
  const [value] = Object.values(node.patternProperties ?? {});
  if (properties)
    return Object.entries(properties).map(([name, child]) => [`${path}.${name}`, child, mustBeSaid(node, name)]);
  if (items?.properties) return insideOf(`${path}[]`, items);
  if (value?.properties) return insideOf(`${path}.<${node['x-key'] ?? 'name'}>`, value);
  return (node.anyOf ?? []).flatMap((choice) => (choice.properties ? insideOf(path, choice) : []));
}

function mustBeSaid(node: Node, name: string): boolean {
  return node.required?.includes(name) ?? false;
}

/** How the value is written, in a few words. */
function form(node: Node): string {
  const kind = node['x-kind'];
  const [value] = Object.values(node.patternProperties ?? {});
  if (kind === 'json') return 'any';
  if (kind) return kind;
  if (node.enum) return node.enum.map(code).join(' or ');
  if (node.const !== undefined) return code(String(node.const));
  if (node.anyOf) return node.anyOf.map(form).join(', or ');
  if (node.items) return `list of ${form(node.items)}`;
  if (value) return `map of ${node['x-key'] ?? 'name'} to ${form(value)}`;
  if (node.type === 'boolean') return '`true` or `false`';
  if (node.type === 'number') return `number, ${node.minimum ?? ''} to ${node.maximum ?? ''}`;
  return node.type === 'object' ? 'the fields below' : (node.type ?? 'any');
}

function kinds(): string[][] {
  return Object.entries(KINDS).map(([name, kind]) => [name, code(kind.example), kind.check('\u0000')?.fix ?? '']);
}
