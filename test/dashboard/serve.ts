import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { build } from 'esbuild';
import type {
  LiveCounts,
  LiveNotices,
  LiveRow,
  NewKeyAnswer,
  ReasonAnswer,
  SettingsAnswer,
  TraceAnswer,
} from '../../src/api/answers.ts';
import type {
  AttributionAnswer,
  ConversionPathAnswer,
  CreditedConversionsAnswer,
  FunnelAnswer,
  SharedIdentifiersAnswer,
  WindowsAnswer,
} from '../../src/api/attribution.ts';
import type { LeadsAnswer, OrdersAnswer } from '../../src/api/books.ts';
import type { DeliveriesAnswer } from '../../src/api/deliveries.ts';
import type { LettersAnswer } from '../../src/api/letters.ts';
import type { Problem } from '../../src/event/problem.ts';

/** An answer of the server: a number is a refusal with that status, problems are a refusal that names fields. */
type Given<T> = T | number | Problem[];

/** `silent` never answers; `notReady` says that the figures are still being computed. */
type Report<T> = Given<T> | 'silent' | 'notReady';

/** What the server answers now; `silent` never answers. */
export interface Scene {
  live: { rows: LiveRow[]; counts: LiveCounts; notices: LiveNotices } | number | 'silent';
  trace: Given<TraceAnswer> | 'silent';
  orders: Given<OrdersAnswer> | 'silent';
  leads: Given<LeadsAnswer> | 'silent';
  deliveries: Given<DeliveriesAnswer> | 'silent';
  letters: Given<LettersAnswer> | 'silent';
  attribution: Report<AttributionAnswer>;
  /** what a figure of attribution is made of, and the path to one of it */
  credited: Given<CreditedConversionsAnswer> | 'silent';
  path: Given<ConversionPathAnswer> | 'silent';
  shared: Given<SharedIdentifiersAnswer>;
  windows: Report<WindowsAnswer>;
  funnel: Report<FunnelAnswer>;
  reasons: Given<ReasonAnswer[]>;
  settings: Given<SettingsAnswer>;
  /** to whatever changes something */
  change: Given<NewKeyAnswer | object>;
}

export interface Pages {
  url: string;
  /** Makes a scene of its own for one page, which asks with this header. */
  open(scene: Scene): OpenScene;
  close(): Promise<void>;
}

export interface OpenScene {
  readonly headers: Record<string, string>;
  scene: Scene;
  /** to everybody who watches Live */
  send(name: 'rows' | 'counts', body: LiveRow[] | LiveCounts): void;
  /** breaks every open stream */
  drop(): void;
  /** requests that were made, such as `GET /v1/trace/10045` */
  asked: string[];
  watchers: Set<ServerResponse>;
}

const root = new URL('../../', import.meta.url);
// As strict as the pages are meant to be served: nothing inline, nothing from elsewhere.
const POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:";
const SCENE = 'x-scene';

/** Serves the bundled dashboard; each page gets the answers of its own scene. */
export async function servePages(): Promise<Pages> {
  const assets = await bundle();
  const html = await readFile(new URL('src/dashboard/index.html', root), 'utf8');
  const scenes: OpenScene[] = [];

  const server = createServer((request, response) => {
    const path = new URL(request.url ?? '/', 'http://pages.example').pathname;
    const asset = assets.get(path);
    if (asset) return void response.setHeader('content-type', asset.type).end(asset.text);
    const open = scenes[Number(request.headers[SCENE])];
    if (open && path.startsWith('/v1/')) return void answerOf(open, path, request, response);
    response.setHeader('content-security-policy', POLICY).setHeader('content-type', 'text/html').end(html);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));

  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    open(scene) {
      const watchers = new Set<ServerResponse>();
      const open: OpenScene = {
        headers: { [SCENE]: String(scenes.length) },
        scene,
        asked: [],
        watchers,
        send: (name, body) => watchers.forEach((watcher) => void watcher.write(frame(name, body))),
        drop: () => watchers.forEach((watcher) => void watcher.destroy()),
      };
      scenes.push(open);
      return open;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function answerOf(
  open: OpenScene,
  path: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { scene, asked } = open;
  let body = '';
  for await (const part of request) body += String(part);
  asked.push([request.method, request.url, body].filter(Boolean).join(' '));
  if (request.method !== 'GET') return answer(response, scene.change);
  if (path === '/v1/live') return live(open, request, response);
  if (path === '/v1/reports/orders') return answer(response, scene.orders);
  if (path === '/v1/reports/leads') return answer(response, scene.leads);
  if (path === '/v1/reports/deliveries') return answer(response, scene.deliveries);
  if (path === '/v1/reports/letters') return answer(response, scene.letters);
  if (path === '/v1/reports/attribution') return answer(response, scene.attribution);
  if (path === '/v1/reports/attribution/conversions') return answer(response, scene.credited);
  if (path.startsWith('/v1/reports/attribution/conversions/')) return answer(response, scene.path);
  if (path === '/v1/reports/attribution/shared') return answer(response, scene.shared);
  if (path === '/v1/reports/windows') return answer(response, scene.windows);
  if (path === '/v1/reports/funnel') return answer(response, scene.funnel);
  if (path === '/v1/reasons') return answer(response, scene.reasons);
  if (path === '/v1/settings') return answer(response, scene.settings);
  return answer(response, scene.trace);
}

function live(open: OpenScene, request: IncomingMessage, response: ServerResponse): void {
  const now = open.scene.live;
  if (now === 'silent') return;
  if (typeof now === 'number') {
    answer(response, now);
    return;
  }
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
  response.write(
    `retry: 200\n\n${frame('rows', now.rows)}${frame('counts', now.counts)}${frame('notices', now.notices)}`,
  );
  open.watchers.add(response);
  request.on('close', () => open.watchers.delete(response));
}

function answer(response: ServerResponse, given: Report<object>): void {
  if (given === 'silent') return;
  if (given === 'notReady') return void refuse(response, 503, 'attribution_not_ready');
  const problems = Array.isArray(given) && 'where' in (given[0] ?? {}) ? given : undefined;
  if (typeof given !== 'number' && !problems)
    return void response.setHeader('content-type', 'application/json').end(JSON.stringify(given));
  refuse(response, typeof given === 'number' ? given : 422, 'refused', problems);
}

function refuse(response: ServerResponse, status: number, code: string, problems?: Problem[]): void {
  const detail = 'The ledger is being rebuilt.';
  const problem = { type: 'about:blank', title: 'Refused', status, code, detail, problems };
  response.writeHead(status, { 'content-type': 'application/problem+json' }).end(JSON.stringify(problem));
}

function frame(name: string, body: unknown): string {
  return `event: ${name}\ndata: ${JSON.stringify(body)}\n\n`;
}

async function bundle(): Promise<Map<string, { type: string; text: string }>> {
  const { outputFiles } = await build({
    absWorkingDir: new URL('.', root).pathname,
    entryPoints: [
      { in: 'src/dashboard/main.tsx', out: 'dashboard' },
      { in: 'src/ui/ui.css', out: 'dashboard' },
    ],
    outdir: 'assets',
    bundle: true,
    minify: true,
    format: 'esm',
    target: 'es2022',
    jsx: 'automatic',
    jsxImportSource: 'preact',
    write: false,
  });
  return new Map(
    outputFiles.map((file) => {
      const name = file.path.slice(file.path.lastIndexOf('/'));
      return [`/assets${name}`, { type: name.endsWith('.css') ? 'text/css' : 'text/javascript', text: file.text }];
    }),
  );
}
