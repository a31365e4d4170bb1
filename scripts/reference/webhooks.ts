import type { Hole, Provider, Tells } from '../../src/collection/webhooks/provider.ts';
import { PROVIDERS } from '../../src/collection/webhooks/providers.ts';
import { code, page, table } from './markdown.ts';

/** What each provider's webhooks tell, what they don't, and where that comes from instead. */
export function webhooksPage(): string {
  const all = [...PROVIDERS.values()];
  return page('Webhooks', 'PROVIDERS in src/collection/webhooks/providers.ts', [
    'A provider’s webhooks go to `POST /v1/hooks/<name>`. Whatever is not on its lists is dropped, and a genuine topic without a meaning is kept by its name and the names of its fields.',
    table(
      ['provider', 'name', 'secret', 'guide'],
      all.map(({ title, name, secret }) => [
        title,
        code(name),
        code(secret.variable),
        `[${title}](../guides/${guideOf(name)}.md)`,
      ]),
    ),
    '## Who tells what',
    '“yes” is told by a webhook; where it is not, the cell says what fills the hole. Each topic below says which facts it can tell.',
    factsOf(all.filter(tellsOfOrders)),
    proofsOf(all),
    'HubSpot and Pipedrive tell steps of leads, and nothing of orders.',
    ...all.flatMap(partsOf),
  ]);
}

/** What may become of an order, in the order of its life, with the hole that a provider names where it is not told. */
const ROWS: readonly [says: string, tells: Tells, hole?: Hole][] = [
  ['the order is created', 'order'],
  ['its money is awaited', 'pending'],
  ['paid', 'payment'],
  ['paid in parts', 'payment', 'partlyPaid'],
  ['refunded, whole', 'refund'],
  ['refunded in parts', 'refund', 'partlyRefunded'],
  ['a refund failed', 'refundReversed'],
  ['cancelled', 'cancellation'],
  ['disputed', 'dispute'],
  ['dispute won', 'disputeWon'],
  ['dispute lost', 'disputeLost'],
  ['charged back', 'chargeback'],
  ['chargeback reversed', 'chargebackReversed'],
  ['a payment’s fee', 'fee', 'paymentFee'],
  ['a fee given back', 'feeReturned'],
];

function factsOf(providers: readonly Provider[]): string {
  return table(
    ['', ...providers.map(({ title }) => title)],
    ROWS.map(([says, tells, hole]) => [says, ...providers.map((provider) => cellOf(provider, tells, hole))]),
  );
}

function cellOf({ topics, holes }: Provider, tells: Tells, hole?: Hole): string {
  const filled = (hole && holes[hole]) ?? holes[tells as Hole];
  if (filled !== undefined) return `no: ${filled}`;
  return topics.some((topic) => topic.tells.includes(tells)) ? 'yes' : 'no';
}

function tellsOfOrders({ topics }: Provider): boolean {
  return topics.some(({ tells }) => tells.includes('payment'));
}

function proofsOf(providers: readonly Provider[]): string {
  return table(
    ['', 'signature', 'time', 'a message that comes again', 'test mode'],
    providers.map(({ title, proof }) => [title, proof.signature, proof.time, proof.replay, proof.test]),
  );
}

function partsOf({ title, topics, lacks, keeps }: Provider): string[] {
  return [
    `## ${title}`,
    table(
      ['topic', 'becomes', 'tells'],
      topics.map(({ topic, means, tells }) => [code(topic), means, tells.map(code).join(', ')]),
    ),
    ...(lacks.length > 0 ? ['To know:', lacks.map((lack) => `- ${lack}`).join('\n')] : []),
    `Fields that are read, \`*\` for each item of a list: ${keeps.map(code).join(', ')}.`,
  ];
}

/** The guide of all webhooks shows the generic one. */
function guideOf(name: string): string {
  return name === 'standard' ? 'webhooks' : name;
}
