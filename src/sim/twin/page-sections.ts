import { type Html, html } from './html.ts';
import { initialSwitches } from './switches.ts';
import type { ArrivalView, Diagnostics, EventView, State } from './views.ts';

const OUTCOMES: Readonly<Record<ArrivalView['outcome'], readonly [tone: string, word: string]>> = {
  counted: ['delivered', 'counted'],
  merged: ['paired', 'merged'],
  dropped: ['duplicate', 'dropped'],
  counted_again: ['refused', 'counted again'],
  test: ['unknown', 'test'],
};
const CHANNELS: Readonly<Record<ArrivalView['channel'], string>> = { api: 'Events API', pixel: 'Pixel' };
const FAULTS: readonly (readonly [label: string, body: object])[] = [
  ['Throttle', { channel: 'api', kind: 'code', code: 40100 }],
  ['System error', { channel: 'api', kind: 'code', code: 50000 }],
  ['HTTP 502', { channel: 'api', kind: 'http502' }],
  ['Cut after accepting', { channel: 'api', kind: 'cutAfterAccept' }],
];

export function totalsSection({ totals }: State): Html {
  const all = Object.values(totals);
  const sum = (figure: 'counted' | 'merged' | 'dropped' | 'browser' | 'server') =>
    all.reduce((total, one) => total + one[figure], 0);
  const figure = (label: string, value: number, says: string) =>
    html`<div class="figure"><dt>${label}</dt><dd class="value"><b>${value}</b></dd><dd class="as-of">${says}</dd></div>`;
  const rows = Object.entries(totals).map(
    ([event, one]) => html`<tr>
      <th scope="row">${event}<span class="sub on-phone">${valueText(one.value)}</span></th>
      <td class="number">${one.counted}</td><td class="number">${one.merged}</td><td class="number">${one.dropped}</td>
      <td class="number from-tablet">${one.browser}</td><td class="number from-tablet">${one.server}</td>
      <td class="number from-tablet">${valueText(one.value)}</td></tr>`,
  );
  const table = html`<div class="table-box"><table class="table">
    <thead><tr><th scope="col">Event</th><th scope="col" class="number">Counted</th><th scope="col" class="number">Merged</th>
      <th scope="col" class="number">Dropped</th><th scope="col" class="number from-tablet">Browser</th>
      <th scope="col" class="number from-tablet">Server</th><th scope="col" class="number from-tablet">Value</th></tr></thead>
    <tbody>${rows}</tbody></table></div>`;
  const figures = [
    figure('Counted', sum('counted'), 'events in reports'),
    figure('Merged', sum('merged'), 'copies that filled gaps'),
    figure('Dropped', sum('dropped'), 'copies thrown away'),
    figure('Browser', sum('browser'), 'copies by the pixel'),
    figure('Server', sum('server'), 'copies by the Events API'),
  ];
  return html`<section class="card flush" id="totals" data-live>
    <div class="card-head"><h2>Totals</h2><span class="quiet">Test events left out</span></div>
    <div class="card-body"><dl class="figures">${figures}</dl></div>
    ${rows.length > 0 ? table : ''}
  </section>`;
}

export function eventsSection(
  id: string,
  title: string,
  events: readonly EventView[],
  word: string,
  now: number,
): Html {
  const rows = events.map((event) => eventRow(id, event, now));
  const table = html`<div class="table-box"><table class="table">
    <thead><tr><th scope="col">Event</th><th scope="col">Copies</th>
      <th scope="col" class="number from-tablet">Value</th></tr></thead>
    <tbody>${rows}</tbody></table></div>`;
  const none = html`<div class="empty"><p>${word ? `None for “${word}”.` : 'None yet.'}</p></div>`;
  return html`<section class="card flush" id="${id}" data-live>
    <div class="card-head"><h2>${title}</h2><span class="quiet">${rows.length > 0 ? 'Latest first' : ''}</span></div>
    ${rows.length > 0 ? table : none}
  </section>`;
}

function eventRow(list: string, event: EventView, now: number): Html {
  const copies = event.arrivals.map(({ at, channel, outcome }) => {
    const [tone, says] = OUTCOMES[outcome];
    return html`<li><span class="badge" data-is="${tone}">${says}</span> <span class="by">${CHANNELS[channel]}</span>
      <span class="quiet">${at === event.firstAt ? momentText(at, now) : `+${lapseText(at - event.firstAt)}`}</span></li>`;
  });
  const key = [list, event.source_id, event.event, event.event_id ?? event.arrivals[0]?.request_id].join('/');
  const body = html`<details id="${key}"><summary>Body</summary><pre>${JSON.stringify(event.body, null, 1)}</pre></details>`;
  return html`<tr>
    <th scope="row">${event.event}
      <span class="sub id">${event.event_id ?? 'no event id'}</span>
      <span class="sub on-phone">${event.value} ${event.currency}</span>${body}</th>
    <td><ul class="copies">${copies}</ul></td>
    <td class="number from-tablet">${event.value}<span class="sub">${event.currency}</span></td></tr>`;
}

export function settingsSection(state: State): Html {
  const initial: Record<string, unknown> = initialSwitches();
  const turned = Object.entries(state.switches).filter(([name, value]) => initial[name] !== value);
  const faults = state.faults.map(
    ({ channel, kind, code, times }) => html`<span class="badge" data-is="refused">${channel}:
      ${kind === 'code' ? `code ${code}` : kind}${times === null ? ' until cleared' : times > 1 ? ` × ${times}` : ''}</span> `,
  );
  const clock = html`${dateText(state.now)} ${timeText(state.now)}
    <span class="quiet">${state.offsetMs === 0 ? 'real time' : `${signed(state.offsetMs)} against real time`}</span>`;
  return html`<section class="card" aria-labelledby="set">
    <div class="card-head"><h2 id="set">Clock and faults</h2></div>
    <dl class="facts" id="settings" data-live>
      <dt>Clock, UTC</dt><dd>${clock}</dd>
      <dt>Next requests</dt><dd>${faults.length > 0 ? faults : 'answered as usual'}</dd>
      <dt>Switches</dt><dd>${turned.length > 0 ? turned.map(([name, value]) => html`<code>${name} = ${String(value)}</code><br>`) : 'as published'}</dd>
      <dt>Pixels</dt><dd>${state.pixels.map(({ code }) => html`<code>${code}</code><br>`)}</dd>
    </dl>
    <div class="actions">
      ${button('Clock + 6 min', 'POST', 'clock', { advanceMs: 360_000 })}
      ${button('Clock + 48 h', 'POST', 'clock', { advanceMs: 48 * 3_600_000 })}
      ${FAULTS.map(([label, body]) => button(label, 'POST', 'fault', body))}
      ${button('Clear faults', 'DELETE', 'fault', {})}
    </div>
  </section>`;
}

function button(label: string, method: string, path: string, body: object): Html {
  return html`<button class="button" data-method="${method}" data-path="/twin/${path}"
    data-body="${JSON.stringify(body)}">${label}</button> `;
}

export function diagnosticsSection({ issues, events }: Diagnostics): Html {
  const found = issues.map(
    (issue) => html`<li><span class="rule">${issue.rule}</span><b>${issue.count}</b>
      <span class="quiet">${issue.event || 'no name'}, ${CHANNELS[issue.channel]}: <code>${issue.field}</code>
      ${issue.example ? html`in <code>${issue.example}</code>` : ''}</span></li>`,
  );
  const coverage = events.map(({ event, counted, coverage: shares }) => {
    const keys = Object.entries(shares).filter(([, share]) => share > 0);
    const chips = keys.map(([key, share]) => html`<span class="chip">${key} ${Math.round(share * 100)} %</span> `);
    return html`<li><span>${event}</span><b>${counted}</b><span>${chips.length > 0 ? chips : 'no match keys'}</span></li>`;
  });
  return html`<section class="card flush" id="diagnostics" data-live>
    <div class="card-head"><h2>Diagnostics</h2><span class="quiet">Last 24 hours</span></div>
    ${found.length > 0 ? html`<ul class="tally">${found}</ul>` : html`<div class="card-body quiet">Nothing to point out.</div>`}
  </section>
  <section class="card flush" id="coverage" data-live>
    <div class="card-head"><h2>Match keys</h2><span class="quiet">Share of counted events, 24 hours</span></div>
    ${coverage.length > 0 ? html`<ul class="tally">${coverage}</ul>` : html`<div class="card-body quiet">No events yet.</div>`}
  </section>`;
}

function valueText(value: Readonly<Record<string, string>>): Html[] {
  return Object.entries(value).map(([currency, sum]) => html`<span class="sum-line">${sum} ${currency}</span> `);
}

/** The time, with its date unless that is today. */
function momentText(at: number, now: number): string {
  return dateText(at) === dateText(now) ? timeText(at) : `${dateText(at)} ${timeText(at)}`;
}

function timeText(at: number): string {
  return new Date(at).toISOString().slice(11, 19);
}

function dateText(at: number): string {
  return new Date(at).toISOString().slice(0, 10);
}

/** A span of time in its two largest units: `48h 2m`, `1.3s`. */
function lapseText(ms: number): string {
  if (ms < 60_000) return `${(ms / 1000).toFixed(1)}s`;
  const minutes = Math.floor(ms / 60_000);
  return minutes < 60
    ? `${minutes}m ${Math.floor((ms % 60_000) / 1000)}s`
    : `${Math.floor(minutes / 60)}h ${minutes % 60}m`;
}

function signed(ms: number): string {
  return `${ms < 0 ? '−' : '+'}${lapseText(Math.abs(ms))}`;
}
