/** The shop's own script: consent banner, add to cart, and the step to the bank. */
const BANK_WAIT_MS = 2_500;

const banner = document.getElementById('consent');
banner?.querySelector('form')?.addEventListener('submit', (event) => {
  event.preventDefault();
  const choice = event.submitter?.value === 'granted' ? 'granted' : 'denied';
  const form = new URLSearchParams(new FormData(event.target));
  form.set('choice', choice);
  fetch('/consent', { method: 'POST', body: form, redirect: 'manual', keepalive: true }).catch(() => undefined);
  window.assay('consent', choice);
  banner.hidden = true;
});
for (const opener of document.querySelectorAll('[data-consent-open]'))
  opener.addEventListener('click', () => {
    banner.hidden = false;
    banner.querySelector('button')?.focus();
  });

for (const form of document.querySelectorAll('form[data-add]'))
  form.addEventListener('submit', () => {
    const { price, ...product } = JSON.parse(form.dataset.add);
    const quantity = Number(new FormData(form).get('quantity'));
    const value = Math.round(price * 100 * quantity) / 100;
    const contents = [
      {
        content_id: product.content_id,
        content_type: product.content_type,
        content_name: product.content_name,
        quantity,
        price,
      },
    ];
    window.assay('track', 'AddToCart', { ...product, quantity, value, contents });
  });

const pay = document.getElementById('pay');
if (pay) {
  const sdk = document.getElementById('assay-sdk');
  const loaded = new Promise((resolve, reject) => {
    if (typeof window.assay.order === 'function') resolve();
    sdk.addEventListener('load', resolve);
    sdk.addEventListener('error', reject);
  });
  const told = loaded.then(() =>
    pay.dataset.order ? window.assay('order', JSON.parse(pay.dataset.order)) : undefined,
  );
  const enough = new Promise((resolve) => setTimeout(resolve, BANK_WAIT_MS));
  const leave = () => location.replace(pay.href);
  Promise.race([told, enough]).then(leave, leave);
}
