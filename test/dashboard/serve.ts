import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { build } from 'esbuild';
import type { LiveCounts, LiveRow, ReasonAnswer, TraceAnswer } from '../../src/api/answers.ts';

/** What the server answers now; a number is a refusal with that status, `silent` never answers. */
export interface Scene {
  live: { rows: LiveRow[]; counts: LiveCounts } | number | 'silent';
  trace: TraceAnswer | number | 'silent';
  reasons: ReasonAnswer[] | number;
}

export interface Pages {
  url: string;
  scene: Scene;
  /** to everybody who watches Live */
  send(name: 'rows' | 'counts', body: LiveRow[] | LiveCounts): void;
  /** breaks every open stream */
  drop(): void;
  /** how often a trace was asked for */
  traces(): number;
  close(): Promise<void>;
}

const root = new URL('../../', import.meta.url);
// As strict as the pages are meant to be served: nothing inline, nothing from elsewhere.
const POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:";

/** Serves the bundled dashboard with answers from the scene. */
export async function servePages(scene: Scene): Promise<Pages> {
  const assets = await bundle();
  const html = await readFile(new URL('src/dashboard/index.html', root), 'utf8');
  const watchers = new Set<ServerResponse>();
  let traces = 0;

  const server = createServer((request, response) => {
    const path = new URL(request.url ?? '/', 'http://pages.example').pathname;
    const asset = assets.get(path);
    if (asset) return void response.setHeader('content-type', asset.type).end(asset.text);
    if (path === '/v1/live') return live(request, response);
    if (path === '/v1/reasons') return answer(response, pages.scene.reasons);
    if (path.startsWith('/v1/trace/')) {
      traces += 1;
      return answer(response, pages.scene.trace);
    }
    response.setHeader('content-security-policy', POLICY).setHeader('content-type', 'text/html').end(html);
  });

  function live(request: IncomingMessage, response: ServerResponse): void {
    const now = pages.scene.live;
    if (now === 'silent') return;
    if (typeof now === 'number') {
      answer(response, now);
      return;
    }
    response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
    response.write(`retry: 200\n\n${frame('rows', now.rows)}${frame('counts', now.counts)}`);
    watchers.add(response);
    request.on('close', () => watchers.delete(response));
  }

  const pages: Pages = {
    url: '',
    scene,
    send: (name, body) => watchers.forEach((watcher) => void watcher.write(frame(name, body))),
    drop: () => watchers.forEach((watcher) => void watcher.destroy()),
    traces: () => traces,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  pages.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return pages;
}

function answer(response: ServerResponse, body: unknown): void {
  if (body === 'silent') return;
  if (typeof body !== 'number')
    return void response.setHeader('content-type', 'application/json').end(JSON.stringify(body));
  const problem = {
    type: 'about:blank',
    title: 'Refused',
    status: body,
    code: 'refused',
    detail: 'The ledger is being rebuilt.',
  };
  response.writeHead(body, { 'content-type': 'application/problem+json' }).end(JSON.stringify(problem));
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
