import { bookedEntries, bookedNet, bookedOrders, isPlaced } from './booked.ts';
import { startCollector } from './collector.ts';
import { compareAmounts, compareCounts, compareTallies, type Result } from './comparison.ts';
import { compareCopies } from './copies.ts';
import { amountOf, decimalText, sum } from './exact.ts';
import { openPlace, type Place } from './local-time.ts';
import type { Progress } from './progress.ts';
import { bookedDocuments, bookedMonths, compareLines, compareMonth, roundingOf } from './retail-compare.ts';
import { type Document, documentsOf, LINE_COLUMNS, type Line, readLine } from './retail-documents.ts';
import { bookingNotes, type Fact, factsOf, isOrder } from './retail-facts.ts';
import { truthMonths } from './retail-truth.ts';
import { jsonOf, rowsOf, Unreadable } from './rows.ts';
import { SHOP, shopSpec } from './spec.ts';
import { type Tally, tallyOf } from './tally.ts';

/** As many lines as the door takes with one order. */
const CONTENTS_MAX = 200;
const CURRENCY = 'GBP';
const NAMED_MAX = 5;

/**
 * Replays invoices: each sale as an order at the door of orders, then payments, cancellations and adjustments as a file
 * of facts, which is imported twice. The sums by month and kind come from the books' own reports.
 */
export async function checkRetail(files: { lines: string; truth: string }, say: Progress): Promise<Result> {
  const place = openPlace('Europe/London');
  const truth = truthMonths(jsonOf(files.truth));
  const unreadable = new Unreadable(files.lines);
  const lines = await readLines(files.lines, place, unreadable, say);
  const documents = documentsOf(lines);
  const orders = documents.filter(isOrder);
  const { facts, joined } = factsOf(documents);
  const problems = [...unreadable.says];
  const collector = await startCollector(
    shopSpec({ id: 'online-retail', country: 'GB', currency: CURRENCY, timezone: place.zone }),
  );
  try {
    await collector.post(orders, (document) => ({ path: '/v1/orders', body: orderBody(document, place) }), {
      progress: (done) => say('Online Retail: orders', done, orders.length),
      refused: (what) => problems.push(what),
    });
    say(`Online Retail: importing ${facts.length.toLocaleString('en-GB')} facts, twice`);
    const imported = await collector.bring('facts', factLines(facts, place));
    problems.push(
      ...imported.problems.slice(0, NAMED_MAX).map(({ line, where, what }) => `fact ${line}: ${where} ${what}`),
    );
    const again = await collector.bring('facts', factLines(facts, place));
    await collector.settled();

    say('Online Retail: reading the books');
    const entries = await bookedEntries(collector, place);
    const months = [
      ...new Set([...truth.keys(), ...documents.map(({ month }) => month), ...entries.map(({ month }) => month)]),
    ].sort();
    const booked = await bookedOrders(collector, months);
    const outcome = await collector.outcome();
    const byMonth = bookedMonths(
      booked.filter(isPlaced),
      entries,
      new Map(documents.map((document) => [document.id, document])),
    );
    const amounts = bookedDocuments(entries);
    const wrong = documents.filter(({ id, booked: due }) => amounts.get(id) !== due);
    const ofMonth = Map.groupBy(documents, ({ month }) => month);
    const linesOf = Map.groupBy(lines, ({ at }) => at.slice(0, 7));
    const net = decimalText(sum(Array.from(truth.values(), (month) => amountOf(month.net))), 3);
    return {
      figures: [
        ...months.flatMap((month) =>
          compareMonth(month, truth.get(month), byMonth.get(month), ofMonth.get(month) ?? []),
        ),
        ...[...truth].flatMap(([month, due]) => compareLines(month, due, linesOf.get(month) ?? [])),
        compareAmounts(
          'net, as the report adds it up',
          net,
          await bookedNet(collector, CURRENCY),
          roundingOf(documents),
        ),
        compareCounts('documents booked to the penny', documents.length, documents.length - wrong.length),
        compareCounts('facts told again, which changes nothing', facts.length, again.known),
        ...compareTallies(
          (status) => `orders ${status}`,
          statusesDue(orders, facts),
          tallyOf(booked.map(({ status }) => status)),
        ),
        ...compareCopies(outcome, { 'withheld too_old': orders.length * 2 }),
      ],
      notes: [
        ...bookingNotes(documents),
        `Cancellations: ${joined.whole} went to earlier orders, ${joined.partly} did in part, ${joined.none} found none and stay under their own number.`,
        ...cutNotes(orders),
        ...roundingNotes(documents, amounts),
      ],
      problems: [
        ...problems,
        ...outcome.turnedAway,
        ...wrong
          .slice(0, NAMED_MAX)
          .map(
            ({ id, booked: due }) =>
              `${id} is booked as ${decimalText(amounts.get(id) ?? 0n)} instead of ${decimalText(due)}`,
          ),
      ],
    };
  } finally {
    await collector.stop();
  }
}

async function readLines(file: string, place: Place, unreadable: Unreadable, say: Progress): Promise<Line[]> {
  const lines: Line[] = [];
  const times = new Map<string, boolean>();
  const isTime = (text: string): boolean => {
    const known = times.get(text) ?? place.at(text) !== undefined;
    times.set(text, known);
    return known;
  };
  let row = 0;
  for await (const cells of rowsOf(file, LINE_COLUMNS)) {
    const line = readLine(cells, isTime);
    row++;
    if (typeof line === 'string') unreadable.add(row, line);
    else lines.push(line);
    say('Online Retail: reading lines', row);
  }
  return lines;
}

function orderBody(document: Document, place: Place): object {
  const customer = document.lines.find((line) => line.customer !== '')?.customer;
  return {
    order_id: document.id,
    value: decimalText(document.exact),
    currency: CURRENCY,
    time: isoTime(document.at, place),
    consent: 'granted',
    page: { url: `${SHOP}/checkout` },
    ...(customer === undefined ? {} : { user: { external_id: customer } }),
    contents: document.lines
      .filter(({ stock, price }) => stock !== '' && price >= 0n)
      .slice(0, CONTENTS_MAX)
      .map(({ stock, name, quantity, priceText }) => ({
        ...{ content_id: stock, quantity: Number(quantity), price: Number(priceText) },
        ...(name === '' ? {} : { content_name: name }),
      })),
  };
}

function* factLines(facts: readonly Fact[], place: Place): Generator<string[]> {
  yield ['order_id', 'fact', 'reference', 'amount', 'currency', 'time'];
  for (const { orderId, fact, reference, amount, at } of facts)
    yield [orderId, fact, reference, amount, CURRENCY, isoTime(at, place)];
}

function isoTime(local: string, place: Place): string {
  return new Date(place.at(local) ?? Number.NaN).toISOString();
}

/** How many orders stand where, by what was paid and paid back; what nobody ordered is an orphan. */
function statusesDue(orders: readonly Document[], facts: readonly Fact[]): Tally {
  const ordered = new Set(orders.map(({ id }) => id));
  const moved = Map.groupBy(facts, ({ orderId }) => orderId);
  return tallyOf(
    Array.from(moved, ([orderId, own]) => {
      const sumOf = (kind: string): bigint =>
        sum(own.map(({ fact, amount }) => (fact === kind ? amountOf(amount) : 0n)));
      const [paid, back] = [sumOf('payment'), sumOf('refund')];
      if (!ordered.has(orderId)) return 'orphan';
      if (paid === 0n || back === 0n) return 'paid';
      return back < paid ? 'partlyRefunded' : 'refunded';
    }),
  );
}

function cutNotes(orders: readonly Document[]): string[] {
  const cut = orders.filter(({ lines }) => lines.length > CONTENTS_MAX).length;
  const first = `the first ${CONTENTS_MAX}, which is what the door takes`;
  return cut === 0 ? [] : [`${cut} orders have more lines: they were told with their whole value and ${first}.`];
}

function roundingNotes(documents: readonly Document[], amounts: ReadonlyMap<string, bigint>): string[] {
  const odd = documents.filter(({ exact, booked }) => exact !== booked);
  if (odd.length === 0) return ['No invoice has parts of a penny.'];
  return [
    `Invoices with parts of a penny, each rounded once: ${odd.length}`,
    ...odd.map(({ id, invoice, kind, month, exact }) => {
      const pence = amounts.get(id) ?? 0n;
      return `  ${invoice}, ${kind} of ${month}: ${decimalText(exact)} exactly, ${decimalText(pence)} booked, ${decimalText(exact - pence)} rounding`;
    }),
  ];
}
