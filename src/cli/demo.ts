import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import type { Config } from '../server/config.ts';
import { startServer } from '../server/start.ts';
import { startBank } from '../sim/bank/bank.ts';
import { startShop } from '../sim/shop/shop.ts';
import { start as startTwin, TWIN } from '../sim/twin/client.ts';
import { startWorld } from '../sim/world/world.ts';
import { DEFAULT_TRACKING_YAML } from '../spec/default-text.ts';
import type { Io } from './io.ts';

export interface DemoOptions {
  data: string;
  seed: string;
  fresh?: boolean;
  visitors: boolean;
  plainHosts?: boolean;
  open: boolean;
  json?: boolean;
}

const WRITE_KEY = 'wk_demo';
const VISITORS_A_SECOND = 0.6;
const WEBHOOK_MS_MIN = 2_000;
const WEBHOOK_MS_SPREAD = 4_000;

/** The whole road on one machine. Ends, in order and without leaving a process, on Ctrl-C. */
export async function demo(options: DemoOptions, io: Io): Promise<number> {
  const ended = io.ended();
  if (options.fresh) rmSync(options.data, { recursive: true, force: true });
  mkdirSync(options.data, { recursive: true });
  const log = (line: string): void => (options.json ? undefined : io.stderr(`${line}\n`));
  const hosts = options.plainHosts
    ? { shop: 'localhost', pay: '127.0.0.1', collect: '127.0.0.1', tiktok: '127.0.0.1' }
    : { shop: 'shop.localhost', pay: 'pay.localhost', collect: 'collect.localhost', tiktok: 'tiktok.localhost' };
  const ports = await freePorts([8790, 8791, 8787, 8788, 8789]);
  const [shopPort = 0, payPort = 0, publicPort = 0, adminPort = 0, twinPort = 0] = ports;
  const shopUrl = `http://${hosts.shop}:${shopPort}`;
  const specFile = join(options.data, 'tracking.yaml');
  writeFileSync(specFile, demoSpec(shopUrl, [hosts.shop, hosts.pay]));

  const closing: (() => Promise<void>)[] = [];
  const close = async (): Promise<void> => {
    for (const end of closing.reverse()) await end();
  };
  try {
    const twin = await startTwin(join(options.data, 'twin'), twinPort);
    closing.push(() => twin.stop());
    const tiktok = `http://${hosts.tiktok}:${twin.port}`;
    const secrets = { key: randomBytes(24).toString('base64url'), hook: `whsec_${randomBytes(24).toString('base64')}` };
    const config: Config = {
      dataFolder: options.data,
      specFile,
      publicHost: '127.0.0.1',
      publicPort,
      adminHost: '127.0.0.1',
      adminPort,
      publicUrl: `http://${hosts.collect}:${publicPort}`,
      writeKeys: [WRITE_KEY],
      secretKeys: [secrets.key],
      hookSecrets: { standard: [secrets.hook] },
      rateAddress: null,
      rateKey: null,
      providers: ['standard'],
      views: true,
      trustedProxies: [],
      tiktokApi: twin.url,
      tiktokPixel: `${tiktok}/i18n/pixel/events.js`,
    };
    const env = { ...io.env, TIKTOK_TOKEN: TWIN.token };
    const server = await startServer(config, { now: io.now, random: io.random, env, log });
    closing.push(() => server.stop());
    const serverUrl = `http://127.0.0.1:${server.publicPort}`;
    const bank = await startBank({
      port: payPort,
      hostName: hosts.pay,
      webhookUrl: `${serverUrl}/v1/hooks/standard`,
      webhookSecret: secrets.hook,
      delayMs: () => WEBHOOK_MS_MIN + io.random() * WEBHOOK_MS_SPREAD,
      now: io.now,
      returnHosts: [hosts.shop],
    });
    closing.push(() => bank.stop());
    const shop = await startShop({
      port: shopPort,
      hostName: hosts.shop,
      collector: { publicUrl: config.publicUrl, serverUrl, secretKey: secrets.key },
      payPageUrl: `${bank.url}/pay`,
      now: io.now,
      createdBy: 'server',
      trackOnThanks: true,
      pixelOrigins: [tiktok],
      liveUrl: server.adminUrl,
      // Order numbers go on where an earlier run of the same folder may have stopped.
      firstOrder: 10_000 + (Math.floor(io.now() / 1000) % 10_000_000),
    });
    closing.push(() => shop.stop());
    if (options.visitors) {
      const world = startWorld({
        seed: Number(options.seed) || 7,
        shopUrl: shop.url,
        collector: { url: serverUrl, writeKey: WRITE_KEY, specVersion: server.specVersion },
        pixel: { url: `${twin.url}/api/v2/pixel`, code: TWIN.pixel },
        business: 'demo',
        rate: VISITORS_A_SECOND,
        now: io.now,
      });
      closing.push(() => world.stop());
    }
    const signIn = server.signInUrl();
    const adLink = `${shop.url}/?ttclid=E.C.P.demo-click&utm_source=tiktok&utm_medium=paid_social&utm_campaign=Autumn`;
    io.stdout(
      options.json
        ? `${JSON.stringify({ ready: true, signInUrl: signIn, adminUrl: server.adminUrl, publicUrl: config.publicUrl, shopUrl: shop.url, adLink, payUrl: bank.url, twinUrl: twin.url, pid: process.pid })}\n`
        : words({ signIn, adLink, twin: `${tiktok}/`, data: options.data }),
    );
    if (options.open && !options.json) openBrowser(signIn, io);
    await ended;
    log('Ending: no new visitors, what is under way goes out, then the stores close.');
  } finally {
    await close();
  }
  return 0;
}

function words(at: { signIn: string; adLink: string; twin: string; data: string }): string {
  return `
  Assay demo. Everything runs on this machine; nothing reaches TikTok.

  1. Live page (sign in, works once)   ${at.signIn}
  2. Come from an ad and buy           ${at.adLink}
  3. What TikTok's twin counted        ${at.twin}
  4. Follow one order                  npx --no-install assay trace <order number> --data ${at.data}

  Ctrl-C ends it.
`;
}

/** The built-in spec, for the demo shop's own address. */
export function demoSpec(shopUrl: string, domains: readonly string[]): string {
  return DEFAULT_TRACKING_YAML.replace(
    /^sites:(?:.*\n)(?: .*\n)*/m,
    `sites:\n  origins: [${JSON.stringify(shopUrl)}]\n  domains: ${JSON.stringify(domains)}\n  urlParameters: ["utm_*", "tt_*", ttclid, q, order]\n`,
  );
}

/** The wanted ports where they are free, any others else. Held together, so that no two are the same. */
async function freePorts(wanted: readonly number[]): Promise<number[]> {
  const held = await Promise.all(wanted.map(hold));
  await Promise.all(held.map(({ close }) => close()));
  return held.map(({ port }) => port);
}

async function hold(wanted: number): Promise<{ port: number; close(): Promise<void> }> {
  const server = createServer();
  const listening = (port: number): Promise<boolean> =>
    new Promise((resolve) => {
      server.once('error', () => resolve(false));
      server.listen(port, '127.0.0.1', () => resolve(true));
    });
  if (!(await listening(wanted))) await listening(0);
  const address = server.address();
  return {
    port: typeof address === 'object' && address ? address.port : 0,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

/** Opens the page where there is a desktop to open it on. */
function openBrowser(url: string, io: Io): void {
  if (!process.stdout.isTTY || io.env['CI']) return;
  const command = process.platform === 'darwin' ? 'open' : process.platform === 'win32' ? 'explorer' : 'xdg-open';
  if (command === 'xdg-open' && !io.env['DISPLAY'] && !io.env['WAYLAND_DISPLAY']) return;
  spawn(command, [url], { stdio: 'ignore', detached: true })
    .on('error', () => undefined)
    .unref();
}
