import { readFileSync } from 'node:fs';
import { diagnosticsOf, eventsOf, stateOf } from './control.ts';
import { answer, type Call, type Reply } from './exchange.ts';
import { type Html, html } from './html.ts';
import { diagnosticsSection, eventsSection, settingsSection, totalsSection } from './page-sections.ts';
import type { Twin } from './twin.ts';

const EVENTS_SHOWN = 60;
const FILES: Readonly<Record<string, { type: string; from: URL }>> = {
  '/twin/ui.css': { type: 'text/css; charset=utf-8', from: new URL('../../ui/ui.css', import.meta.url) },
  '/twin/page.css': { type: 'text/css; charset=utf-8', from: new URL('./page/page.css', import.meta.url) },
  '/twin/page.js': { type: 'text/javascript; charset=utf-8', from: new URL('./page/page.js', import.meta.url) },
};
const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:; form-action 'self'";

/** The page that Events Manager would be; undefined for an unknown address. */
export function answerPage(twin: Twin, call: Call): Reply | undefined {
  if (call.method !== 'GET') return undefined;
  const file = Object.hasOwn(FILES, call.path) ? FILES[call.path] : undefined;
  if (file) return answer(200, file.type, readFileSync(file.from));
  if (call.path !== '/' && call.path !== '/twin') return undefined;
  const word = call.query.get('q')?.trim() ?? '';
  return answer(200, 'text/html; charset=utf-8', `<!doctype html>\n${page(twin, word).text}`, {
    'content-security-policy': POLICY,
    'cache-control': 'no-store',
  });
}

function page(twin: Twin, word: string): Html {
  const state = stateOf(twin);
  const shown = { word: word === '' ? undefined : word, limit: EVENTS_SHOWN };
  const live = eventsOf(twin, { ...shown, test: false }).reverse();
  const tests = eventsOf(twin, { ...shown, test: true }).reverse();
  return html`<html lang="en">
<head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <title>TikTok's twin</title>
  <link rel="icon" href="data:,">
  <link rel="stylesheet" href="/twin/ui.css">
  <link rel="stylesheet" href="/twin/page.css">
  <script src="/twin/page.js" defer></script>
</head>
<body>
  <a class="skip" href="#main">Skip to the page</a>
  <div class="shell alone">
    <main class="page" id="main">
      <header class="page-head">
        <div>
          <h1>TikTok's twin</h1>
          <p class="page-says">What TikTok would have received over both channels, and what it would count.</p>
        </div>
        <form class="search" role="search" action="/twin">
          <input class="input" name="q" value="${word}" aria-label="Event name, event id or order id"
            placeholder="Event, event id or order id">
          <button class="button">Find</button>
        </form>
      </header>
      ${totalsSection(state)}
      <div class="columns">
        <div class="stack">
          ${eventsSection('events', 'Received events', live, word, state.now)}
          ${eventsSection('tests', 'Test Events', tests, word, state.now)}
        </div>
        <div class="stack">
          ${settingsSection(state)}
          ${diagnosticsSection(diagnosticsOf(twin))}
        </div>
      </div>
    </main>
  </div>
</body>
</html>`;
}
