import type { Provider } from '../../src/collection/webhooks/provider.ts';
import { PROVIDERS } from '../../src/collection/webhooks/providers.ts';
import { code, page, table } from './markdown.ts';

/** What each provider's webhooks tell, what they don't, and where that comes from instead. */
export function webhooksPage(): string {
  return page('Webhooks', 'PROVIDERS in src/collection/webhooks/providers.ts', [
    'A provider’s webhooks go to `POST /v1/hooks/<name>`. Whatever is not on its lists is dropped, and a genuine topic without a meaning is kept by its name and the names of its fields.',
    table(
      ['provider', 'name', 'secret', 'guide'],
      [...PROVIDERS.values()].map(({ title, name, secret }) => [
        title,
        code(name),
        code(secret.variable),
        `[${title}](../guides/${guideOf(name)}.md)`,
      ]),
    ),
    ...[...PROVIDERS.values()].flatMap(partsOf),
  ]);
}

function partsOf({ title, topics, lacks, keeps }: Provider): string[] {
  return [
    `## ${title}`,
    table(
      ['topic', 'becomes'],
      topics.map(({ topic, means }) => [code(topic), means]),
    ),
    ...(lacks.length > 0
      ? ['What it does not tell, and what fills the hole:', lacks.map((lack) => `- ${lack}`).join('\n')]
      : []),
    `Fields that are read, \`*\` for each item of a list: ${keeps.map(code).join(', ')}.`,
  ];
}

/** The guide of all webhooks shows the generic one. */
function guideOf(name: string): string {
  return name === 'standard' ? 'webhooks' : name;
}
