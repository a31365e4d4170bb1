import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import type { JournalReader } from '../../src/store/journal.ts';
import type { LedgerReader } from '../../src/store/ledger.ts';
import { openJournalReader } from '../../src/store/sqlite/journal-reader.ts';
import { openLedgerReader } from '../../src/store/sqlite/ledger.ts';
import { HOOK_SECRET, startTestServer } from '../../test/server.ts';

const SECRET = 'e5b0c1d2f3a4958677e6d5c4b3a29180';
const STRIPE_PAYMENT = 'pi_3Sa1VtLkdIwHu7ix0xTq5bZc';
type Booked = [status: string, net: string | undefined, references: string[]];

/** What the books must say of each provider's orders. */
const TOLD: Record<string, { variable: string; secret: string; books: Record<string, Booked> }> = {
  standard: {
    variable: 'ASSAY_WEBHOOK_SECRET',
    secret: HOOK_SECRET,
    // 59.90 − 1.45 − 22.10 − 37.80
    books: { '10045': ['disputed', '-1.45 EUR', ['cb_1', 'dp_1', 'fee_1', 'pay_1', 're_1']] },
  },
  shopify: {
    variable: 'ASSAY_SHOPIFY_SECRET',
    secret: SECRET,
    books: {
      '6120448893201': [
        'partlyRefunded',
        '6228 JPY',
        [
          ...['6120448893201-pending', '7401122398801', '7401122399955', 'dispute-598735659'],
          ...['dispute-598735659-returned', 'dispute-598735659-taken', 'dispute-598735659-won'],
        ],
      ],
      '6120448893388': ['cancelled', undefined, ['6120448893388-cancelled']],
    },
  },
  woocommerce: {
    variable: 'ASSAY_WOOCOMMERCE_SECRET',
    secret: SECRET,
    books: {
      '77': ['partlyRefunded', '42.70 EUR', ['wc-77-paid', 'wc-77-pending', 'wc-77-refund-81']],
      '78': ['cancelled', undefined, ['wc-78-cancelled']],
    },
  },
  stripe: {
    variable: 'ASSAY_STRIPE_SECRET',
    secret: 'whsec_5WbX5kEWLlfzsGNjH64I8lOOqUB6e8FH',
    books: {
      '10045': [
        'lost',
        // 59.90 − 15.00 + 15.00, and by the dispute, which names the payment alone, − 59.90 − 20.00.
        '-20.00 EUR',
        [
          ...['du_1Sc9QpLkdIwHu7ixT4nVb0Ys', 'du_1Sc9QpLkdIwHu7ixT4nVb0Ys-lost'],
          ...['du_1Sc9QpLkdIwHu7ixT4nVb0Ys-withdrawn', 'evt_3Sa1VtLkdIwHu7ix00000007'],
          ...[STRIPE_PAYMENT, `${STRIPE_PAYMENT}-pending`, 're_3Sa1VtLkdIwHu7ix0rF2mQwE-failed'],
          'txn_1Sc9QpLkdIwHu7ixZ1fHgKwR-fee',
        ],
      ],
      in_1Sm4XcLkdIwHu7ixP6rTq9Uv: ['orphan', '19.00 EUR', ['in_1Sm4XcLkdIwHu7ixP6rTq9Uv']],
    },
  },
};

for (const [name, { variable, secret, books }] of Object.entries(TOLD))
  test(`what ${name} sends stands in the books, and once more changes nothing`, async (t) => {
    const server = await startTestServer('http://127.0.0.1:1', {
      providers: [name],
      hookSecrets: { [name]: [secret] },
    });
    t.after(() => server.stop());
    const [ledger, journal] = [await openLedgerReader(server.folder), await openJournalReader(server.folder)];
    t.after(() => Promise.all([ledger.close(), journal.close()]));
    for (const time of ['first', 'second']) {
      assert.equal(await send(name, { ASSAY_URL: server.publicUrl, [variable]: secret }), 0);
      assert.deepEqual(await booksOf(ledger, journal), books, `the ${time} time`);
    }
    assert.equal(await send(name, { ASSAY_URL: server.publicUrl, [variable]: `${secret}0000` }), 1);
    assert.deepEqual(await booksOf(ledger, journal), books);
  });

async function send(name: string, env: Record<string, string>): Promise<number> {
  const sender = spawn(process.execPath, [new URL(`${name}/send.js`, import.meta.url).pathname], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [[code], said] = await Promise.all([once(sender, 'exit'), text(sender.stdout)]);
  assert.match(said, /^(?:\d{3} .+\n)+$/);
  return code;
}

/** The order book once everything that was written down is judged. */
async function booksOf(ledger: LedgerReader, journal: JournalReader): Promise<Record<string, Booked>> {
  while ((await ledger.offset()) < (await journal.last())) await wait(20);
  const rows = await ledger.orders({}, 50);
  return Object.fromEntries(
    rows.map(({ order, entries }) => [
      order.orderId,
      [order.status, order.net, entries.map(({ reference }) => reference).sort()],
    ]),
  );
}
