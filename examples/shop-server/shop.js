// A shop in one file: what a merchant's own server tells Assay, and what it gives the page.
//   ASSAY_URL=http://127.0.0.1:8787 ASSAY_SECRET_KEY=… PORT=3000 node shop.js
import { createServer } from 'node:http';
import { createClient, visitorOf } from 'assay/server';

const { ASSAY_URL = 'http://127.0.0.1:8787', ASSAY_SECRET_KEY = '', PORT = '3000' } = process.env;
const CUP = { content_id: 'ember-cup', quantity: 1, price: 18.9 };

// One client for the life of the server. What fails is heard here and never stops a customer.
const assay = createClient({
  url: ASSAY_URL,
  key: ASSAY_SECRET_KEY,
  onError: (error) => console.error(`assay: ${error.message}`),
});

/** Orders by number. A real shop has a database, and saves the order before it tells anybody. */
const orders = new Map();

const shop = createServer(async (request, response) => {
  const { pathname } = new URL(request.url ?? '/', 'http://shop');
  if (request.method === 'POST' && pathname === '/buy') return buy(request, response);
  if (request.method === 'GET' && pathname.startsWith('/thanks/')) return thanks(pathname.slice(8), response);
  if (request.method === 'GET' && pathname === '/')
    return page(response, 200, '<form method="post" action="/buy"><button>Buy the Ember cup</button></form>');
  return page(response, 404, '<p>There is nothing here.</p>');
});

async function buy(request, response) {
  const order_id = String(Date.now());
  const order = { handout: undefined };
  orders.set(order_id, order);
  try {
    // Before the redirect to the payment page: nobody knows whether this customer comes back.
    const told = await assay.order({
      ...visitorOf(request),
      order_id,
      value: '18.90',
      currency: 'EUR',
      contents: [CUP],
      consent: /(?:^|; )ads=yes(?:;|$)/.test(request.headers.cookie ?? '') ? 'granted' : 'denied',
    });
    order.handout = told.handout;
  } catch {
    // onError has said why. The sale goes on: where the collector was only late, the order is told in the background.
  }
  response.writeHead(303, { location: `/thanks/${order_id}` }).end();
}

function thanks(order_id, response) {
  const order = orders.get(order_id);
  if (!order) return page(response, 404, '<p>There is no such order.</p>');
  // The handout lets this page fire TikTok's pixel, once, when the order is paid. It is for this visitor alone.
  const call = JSON.stringify({ order_id, handout: order.handout });
  return page(response, 200, `<p>Thank you! Order ${order_id}</p>\n<script>assay('order', ${call});</script>`);
}

function page(response, status, body) {
  response.writeHead(status, { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store' });
  response.end(`<!doctype html>
<script>
window.assay=window.assay||function(){(assay.q=assay.q||[]).push(arguments)};
</script>
<script async src="${ASSAY_URL}/a.js"></script>
${body}
`);
}

shop.listen(Number(PORT), '127.0.0.1', () => console.log(`http://127.0.0.1:${shop.address().port}`));

// What waits goes out before the end.
for (const signal of ['SIGINT', 'SIGTERM'])
  process.once(signal, () => {
    shop.close();
    shop.closeIdleConnections();
    void assay.close();
  });
