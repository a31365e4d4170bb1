import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

/** An empty folder for the files of a test. */
export function emptyFolder(): string {
  return mkdtempSync(join(tmpdir(), 'assay-tiny-data-'));
}

/** Writes files: text packed where the name ends in .gz, and anything else as JSON. */
export function put(folder: string, files: Readonly<Record<string, string | object>>): void {
  for (const [name, content] of Object.entries(files)) {
    const text = typeof content === 'string' ? content : JSON.stringify(content);
    writeFileSync(join(folder, name), name.endsWith('.gz') ? gzipSync(text) : text);
  }
}

const HEADER = 'invoice_no,stock_code,description,quantity,invoice_date,unit_price_gbp,customer_id,country\n';
const UK = 'United Kingdom';

/** A shop's spring: every kind of invoice that there is, and one that has a third of a penny. */
export const RETAIL = {
  'online-retail-2012-03_2012-04.csv.gz': `${HEADER}
700001,L1,"LAMP, RED",2,2012-03-01T09:00:00,10.00,77,${UK}
700001,L2,SHADE,1,2012-03-01T09:00:00,5.5,77,${UK}
700002,L1,LAMP,1,2012-03-31T23:59:00,10.00,78,${UK}
700003,P1,PIN,1,2012-04-01T00:30:00,0.333,,${UK}
700003,P1,PIN,1,2012-04-01T00:30:00,0.333,,${UK}
700003,P1,PIN,1,2012-04-01T00:30:00,0.335,,${UK}
700004,G1,GIFT,3,2012-04-02T10:00:00,0.0,,${UK}
700005,L2,?,-4,2012-04-03T10:00:00,0.0,,${UK}
700006,L2,broken,-1,2012-04-03T11:00:00,2.50,,${UK}
C700007,L1,LAMP,-1,2012-04-04T10:00:00,10.00,77,${UK}
C700008,L1,LAMP,-1,2012-04-05T10:00:00,10.00,77,${UK}
C700008,L2,SHADE,-1,2012-04-05T10:00:00,5.5,77,${UK}
C700008,M,MANUAL,-1,2012-04-05T10:00:00,3.255,77,${UK}
C700009,L1,LAMP,-1,2012-03-02T10:00:00,10.00,,${UK}
A700010,B,ADJUST BAD DEBT,1,2012-04-06T10:00:00,100.05,,${UK}
A700011,B,ADJUST BAD DEBT,1,2012-04-06T10:01:00,-100.10,,${UK}
`.replace('\n\n', '\n'),
  'online-retail-2012-03_2012-04.truth.json': {
    months: [
      {
        month: '2012-03',
        sale: { invoices: 2, lines: 3, amount_gbp: '35.500' },
        cancellation: { invoices: 1, lines: 1, amount_gbp: '-10.000' },
        bad_debt_adjustment: { invoices: 0, lines: 0, amount_gbp: '0.000' },
        stock_correction: { invoices: 0, lines: 0, amount_gbp: '0.000' },
        net_gbp: '25.500',
        lines_without_customer: 1,
        exact_duplicate_lines: 0,
      },
      {
        month: '2012-04',
        sale: { invoices: 2, lines: 4, amount_gbp: '1.001' },
        cancellation: { invoices: 2, lines: 4, amount_gbp: '-28.755' },
        bad_debt_adjustment: { invoices: 2, lines: 2, amount_gbp: '-0.050' },
        stock_correction: { invoices: 2, lines: 2, amount_gbp: '-2.500' },
        net_gbp: '-30.304',
        lines_without_customer: 8,
        exact_duplicate_lines: 1,
      },
    ],
  },
};

const ORDERS =
  'order_id,customer_id,order_status,order_purchase_timestamp,order_approved_at,order_delivered_carrier_date,order_delivered_customer_date,order_estimated_delivery_date\n';

/** Orders in every state of payment, one with a status that nobody has heard of. */
export const ORDERS_OF_BRAZIL = {
  'olist-orders-tiny.csv.gz': `${ORDERS}o1,c1,delivered,2017-02-28 23:30:00,2017-03-01 08:00:00,,2017-03-09 10:00:00,2017-03-20 00:00:00
o2,c2,canceled,2017-03-02 10:00:00,,,,2017-03-20 00:00:00
o3,c3,unavailable,2017-03-03 10:00:00,2017-03-03 11:00:00,,,2017-03-20 00:00:00
o4,c4,lost_in_space,2017-10-15 00:30:00,2017-10-15 11:00:00,,,2017-10-30 00:00:00
o5,c5,created,2017-10-16 10:00:00,,,,2017-10-30 00:00:00
`,
  'olist-order-payments-tiny.csv.gz': `order_id,payment_sequential,payment_type,payment_installments,payment_value
o1,1,credit_card,1,60.0
o1,2,voucher,1,39.9
o1,2,voucher,1,0.1
o3,1,boleto,1,20.05
o4,1,credit_card,1,5.5
o9,1,credit_card,1,1.0
`,
  'olist-order-items-tiny.csv.gz': `order_id,order_item_id,product_id,seller_id,shipping_limit_date,price,freight_value
o1,1,p1,s1,2017-03-05 00:00:00,90.0,10.0
o4,1,p2,s1,2017-10-20 00:00:00,10.0,1.0
`,
  'olist-orders-tiny.truth.json': {
    by_status: {
      delivered: { orders: 1, paid_brl: '100.00' },
      canceled: { orders: 1, paid_brl: '0.00' },
      unavailable: { orders: 1, paid_brl: '20.05' },
      lost_in_space: { orders: 1, paid_brl: '5.50' },
      created: { orders: 1, paid_brl: '0.00' },
    },
    by_month: {
      '2017-02': { delivered: { orders: 1, paid_brl: '100.00' } },
      '2017-03': { canceled: { orders: 1, paid_brl: '0.00' }, unavailable: { orders: 1, paid_brl: '20.05' } },
      '2017-10': { lost_in_space: { orders: 1, paid_brl: '5.50' }, created: { orders: 1, paid_brl: '0.00' } },
    },
    net_brl: '105.50',
    gross_brl: '125.55',
  },
};

export const LEADS_OF_BRAZIL = {
  'olist-leads-mql-tiny.csv.gz': `mql_id,first_contact_date,landing_page_id,origin
m1,2018-01-01,p1,email
m2,2018-01-02,p1,email
m3,2018-01-03,p2,
m4,2018-01-04,p2,word of mouth
`,
  'olist-leads-closed-deals-tiny.csv.gz': `mql_id,won_date
m1,2018-02-01 10:00:00
m3,2018-01-03 00:00:00
m4,2017-12-31 10:00:00
`,
  'olist-leads-funnel-tiny.truth.json': {
    by_origin: {
      email: { leads: 2, won: 1 },
      '(empty)': { leads: 1, won: 1 },
      'word of mouth': { leads: 1, won: 1 },
    },
    leads: 4,
    won: 3,
  },
};

/** From the start half go to a and half to b, a goes on to b, and b converts one journey in two. */
export const PATHS = {
  'pathdata-tiny.csv.gz': `path,total_conversions,total_conversion_value,total_null
a > b,1,4,1
b,1,2,1
`,
  'pathdata-tiny.reference.json': {
    models: {
      first_touch: { a: { conversions: 1, value: 4 }, b: { conversions: 1, value: 2 } },
      last_touch: { a: { conversions: 0, value: 0 }, b: { conversions: 2, value: 6 } },
      time_decay: { a: { conversions: 0.333333, value: 1.333333 }, b: { conversions: 1.666667, value: 4.666667 } },
      markov_order_1: {
        a: { removal_effect: 0.5, conversions: 0.666667, value_if_split_by_conversion_weights: 2 },
        b: { removal_effect: 1, conversions: 1.333333, value_if_split_by_conversion_weights: 4 },
      },
      harmonic: {},
    },
  },
};
