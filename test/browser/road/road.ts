import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { demoSpec } from '../../../src/cli/demo.ts';
import type { Config } from '../../../src/server/config.ts';
import { type RunningServer, startServer } from '../../../src/server/start.ts';
import { type Bank, startBank } from '../../../src/sim/bank/bank.ts';
import { type Checkout, startCheckout } from '../../../src/sim/checkout/checkout.ts';
import { type ShopOptions, startShop } from '../../../src/sim/shop/shop.ts';
import { start as startTwin, TWIN, type TwinProcess } from '../../../src/sim/twin/client.ts';
import { signIn } from '../../live.ts';
import { type Arrival, noteArrivals } from './arrivals.ts';

/** Where the bank's webhooks come from: never the address of a visitor, who is on 127.0.0.1. */
export const BANK_ADDRESS = '127.0.0.9';
/** And those of the hosted checkout. */
export const CHECKOUT_ADDRESS = '127.0.0.8';

const SHOP = 'shop.localhost';
const PAY = 'pay.localhost';
/** No domain of the shop's: the collector is told nothing of it. */
const CHECKOUT = 'checkout.localhost';
const COLLECT = 'collect.localhost';
const TIKTOK = 'tiktok.localhost';

/** Shop, bank, collector and twin under four host names, with one clock that can be moved. */
export interface Road {
  shopUrl: string;
  bankUrl: string;
  checkout: Checkout;
  dataFolder: string;
  twin: TwinProcess;
  bank: Bank;
  /** every request that shop, bank and collector got */
  arrivals: readonly Arrival[];
  /** from now on orders are told by the shop's server, as at first, by the page, or by the payment's webhook alone */
  createOrdersBy(who: ShopOptions['createdBy']): void;
  /** from now on customers pay at the hosted checkout, and the shop behaves so */
  useCheckout(how: { sendsVisitor: boolean; trackOnThanks: boolean }): void;
  /** what happens while a customer pays at the hosted checkout, and while the thank-you page loads; nothing at first */
  moments: { paid?: (send: () => Promise<void>) => Promise<void>; back?: () => Promise<void> };
  /** What the dashboard's API answers. */
  ask<Answer>(path: string): Promise<Answer>;
  /** what the server told a person, and the shop where it could not reach the collector */
  log: string[];
  now(): number;
  /** how far the clock was moved in all */
  offsetMs(): number;
  /** Moves the clocks of server, shop, bank and twin; those of browsers are moved by their visits. */
  move(ms: number): Promise<void>;
  close(): Promise<void>;
}

export async function openRoad(): Promise<Road> {
  const dataFolder = mkdtempSync(join(tmpdir(), 'assay-road-'));
  const log: string[] = [];
  const write = (line: string): unknown => log.push(line);
  const arrivals: Arrival[] = [];
  const closing = [
    () => rmSync(dataFolder, { recursive: true, force: true }),
    noteArrivals(arrivals),
  ] as (() => unknown)[];
  let offsetMs = 0;
  const now = (): number => Date.now() + offsetMs;
  const hook = `whsec_${randomBytes(24).toString('base64')}`;
  const secretKey = randomBytes(24).toString('base64url');
  try {
    const twin = await startTwin();
    closing.push(twin.stop);
    const tiktok = `http://${TIKTOK}:${twin.port}`;
    // Ports are free ones, so the shop learns where the others are once they listen.
    const shopOptions: ShopOptions = {
      port: 0,
      hostName: SHOP,
      collector: { publicUrl: '', serverUrl: '', secretKey },
      payPageUrl: '',
      now,
      createdBy: 'server',
      trackOnThanks: true,
      pixelOrigins: [tiktok],
      log: write,
    };
    const shop = await startShop(shopOptions);
    closing.push(shop.stop);
    const specFile = join(dataFolder, 'tracking.yaml');
    writeFileSync(specFile, demoSpec(shop.url, [SHOP, PAY]).replace('delay: 5s', 'delay: 200ms'));
    const config: Config = {
      dataFolder,
      specFile,
      publicHost: '127.0.0.1',
      publicPort: 0,
      adminHost: '127.0.0.1',
      adminPort: 0,
      publicUrl: '',
      writeKeys: ['wk_road'],
      secretKeys: [secretKey],
      hookSecrets: { standard: [hook], stripe: [hook] },
      providers: ['standard', 'stripe'],
      views: true,
      rateAddress: null,
      rateKey: null,
      trustedProxies: [],
      tiktokApi: twin.url,
      tiktokPixel: `${tiktok}/i18n/pixel/events.js`,
    };
    // The longest waits between retries, always the same.
    const around = { now, random: () => 1, env: { TIKTOK_TOKEN: TWIN.token }, log: write };
    const server: RunningServer = await startServer(config, around);
    closing.push(server.stop);
    config.publicUrl = `http://${COLLECT}:${server.publicPort}`;
    const serverUrl = `http://127.0.0.1:${server.publicPort}`;
    const bank = await startBank({
      port: 0,
      hostName: PAY,
      webhookUrl: `${serverUrl}/v1/hooks/standard`,
      webhookSecret: hook,
      webhookFrom: BANK_ADDRESS,
      // Confirmations leave when a test says so.
      times: () => 0,
      delayMs: () => 0,
      now,
      returnHosts: [SHOP],
    });
    closing.push(bank.stop);
    let moments: Road['moments'] = {};
    const checkout = await startCheckout({
      port: 0,
      hostName: CHECKOUT,
      apiKey: secretKey,
      endpoint: { url: `${serverUrl}/v1/hooks/stripe`, secret: hook, from: CHECKOUT_ADDRESS, now },
      returnHosts: [SHOP],
      confirm: (_, send) => moments.paid?.(send),
    });
    closing.push(checkout.stop);
    shopOptions.whenBack = async () => moments.back?.();
    const cookie = await signIn(server.signInUrl());
    shopOptions.collector = { publicUrl: config.publicUrl, serverUrl, secretKey };
    shopOptions.payPageUrl = `${bank.url}/pay`;
    return {
      shopUrl: shop.url,
      bankUrl: bank.url,
      checkout,
      get moments() {
        return moments;
      },
      set moments(next) {
        moments = next;
      },
      dataFolder,
      twin,
      bank,
      arrivals,
      log,
      now,
      offsetMs: () => offsetMs,
      createOrdersBy(who) {
        shopOptions.createdBy = who;
      },
      useCheckout({ sendsVisitor, trackOnThanks }) {
        shopOptions.hosted = { url: `http://127.0.0.1:${new URL(checkout.url).port}`, key: secretKey, sendsVisitor };
        shopOptions.trackOnThanks = trackOnThanks;
      },
      async ask<Answer>(path: string) {
        const answer = await fetch(`${server.adminUrl}${path}`, { headers: { cookie } });
        if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
        return (await answer.json()) as Answer;
      },
      async move(ms) {
        offsetMs += ms;
        await twin.clock({ advanceMs: ms });
        server.wake();
      },
      close: () => end(closing),
    };
  } catch (error) {
    await end(closing);
    throw error;
  }
}

async function end(closing: (() => unknown)[]): Promise<void> {
  for (const close of closing.splice(0).reverse()) await close();
}
