import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findSets } from '../../scripts/check-data/sets.ts';

const table = `
  # files                                                                        gives
  online-retail-a.csv.gz online-retail-a.truth.json                              Online Retail: online-retail-a.csv.gz online-retail-a.truth.json
  online-retail.csv online-retail.truth.json                                     Online Retail: online-retail.csv online-retail.truth.json
  online-retail-a.csv.gz online-retail-b.truth.json                              Online Retail: online-retail-a.csv.gz online-retail-b.truth.json
  online-retail-a.csv.gz                                                         Online Retail: online-retail-a.csv.gz, lacks online-retail*.truth.json
  online-retail-a.truth.json                                                     Online Retail: online-retail-a.truth.json, lacks online-retail*.csv.gz
  olist-orders.csv.gz olist-order-payments.csv.gz olist-orders.truth.json        Olist orders: olist-orders.csv.gz olist-order-payments.csv.gz olist-orders.truth.json
  olist-orders-b.csv.gz olist-order-items-b.csv.gz                               Olist orders: olist-orders-b.csv.gz olist-order-items-b.csv.gz, lacks olist-order-payments*.csv.gz olist-orders*.truth.json
  olist-leads-mql-b.csv olist-leads-closed-deals-b.csv olist-leads-funnel-b.truth.json  Olist leads: olist-leads-mql-b.csv olist-leads-closed-deals-b.csv olist-leads-funnel-b.truth.json
  pathdata-a.csv.gz pathdata-a.reference.json                                    Path data: pathdata-a.csv.gz pathdata-a.reference.json
  pathdata-a.csv.gz                                                              Path data: pathdata-a.csv.gz, lacks pathdata*.reference.json
  README.md olist-customers.csv.gz                                               nothing
`;

for (const line of table.trim().split('\n').slice(1)) {
  const [names = '', gives = ''] = line.trim().split(/ {2,}/);
  test(`${names} give ${gives}`, () => {
    const { found, missing } = findSets(names.split(' '));
    const said = found.map(
      ({ set, files, lacks }) =>
        `${set}: ${Object.values(files).join(' ')}${lacks.length > 0 ? `, lacks ${lacks.join(' ')}` : ''}`,
    );
    assert.equal(said.join('; ') || 'nothing', gives);
    assert.equal(found.length + missing.length, 4);
  });
}

test('of two files of a set each goes with its own truth', () => {
  const { found } = findSets([
    ...['online-retail-1.csv.gz', 'online-retail-2.csv.gz'],
    ...['online-retail-1.truth.json', 'online-retail-2.truth.json'],
  ]);
  assert.deepEqual(
    found.map(({ files }) => Object.values(files)),
    [
      ['online-retail-1.csv.gz', 'online-retail-1.truth.json'],
      ['online-retail-2.csv.gz', 'online-retail-2.truth.json'],
    ],
  );
});
