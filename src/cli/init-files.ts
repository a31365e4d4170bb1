import type { Answers } from './init-questions.ts';

/** The smallest tracking spec that says what only the business can know. */
export function specText(answers: Answers): string {
  const quoted = (text: string): string => JSON.stringify(text);
  return `# What counts as a conversion of ${oneLine(answers.name)}, what it is worth, and where it goes.
# What does not stand here has a default. Check it with: assay spec check

assay: 1 # version of this format

business:
  id: ${quoted(answers.id)} # start of every order's event id: never change it
  name: ${quoted(answers.name)}
  country: ${quoted(answers.country)} # how phone numbers without a country code are read
  currency: ${quoted(answers.currency)}
  timezone: ${quoted(answers.timezone)}

sites:
  origins: [${quoted(answers.origin)}] # only these pages may send events
  # domains: [${quoted(hostOf(answers.origin))}, "pay.example"] # all hosts of a visit, the payment page included

destinations:
  - id: main
    pixel: ${quoted(answers.pixel)}
    token: env:TIKTOK_TOKEN # the variable that holds the access token, never the token
    # testCode: TEST12345 # marks everything as a test

consent:
  mode: ${quoted(answers.consent)} # required, or none where you need not ask

events:
  Purchase:
    confirm: ${quoted(answers.confirm)} # who says that an order is paid: webhook, server or none
`;
}

/** Settings with fresh keys. The token is the business's own, so its place is empty. */
export function envText(answers: Answers, collector: string, keys: { secret: string; webhook: string }): string {
  const webhook =
    answers.confirm === 'webhook'
      ? `
# Signs the payment webhooks. Give it to your payment provider, or put the provider's own here.
ASSAY_WEBHOOK_SECRET=${keys.webhook}
`
      : '';
  return `# Settings of Assay. Keys stand here: keep this file out of version control.

# Your server shows this key to tell orders and events.
ASSAY_SECRET_KEY=${keys.secret}
${webhook}
# The access token that Events Manager generates in the pixel's settings.
TIKTOK_TOKEN=

# Where pages reach the collector.
ASSAY_PUBLIC_URL=${collector}
`;
}

/** The two tags for the head of every page. */
export function snippet(collector: string): string {
  return `<script>
window.assay=window.assay||function(){(assay.q=assay.q||[]).push(arguments)};
</script>
<script async src="${collector}/a.js"></script>`;
}

/** The collector's usual address: a host of its own beside the site's. */
export function collectorOf(origin: string): string {
  if (!URL.canParse(origin)) return 'https://collect.shop.example';
  const url = new URL(origin);
  return `${url.protocol}//collect.${url.hostname.replace(/^www\./, '')}`;
}

function hostOf(origin: string): string {
  return URL.canParse(origin) ? new URL(origin).hostname : 'shop.example';
}

function oneLine(text: string): string {
  return text.replace(/\p{Cc}/gu, ' ');
}
