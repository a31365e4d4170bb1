import { after, before } from 'node:test';
import { type Browser, chromium } from 'playwright-core';
import { findChromium } from '../../../scripts/chromium.ts';
import { start as startTwin, TWIN, type TwinProcess } from '../../../src/sim/twin/client.ts';
import type { RequestView } from '../../../src/sim/twin/views.ts';
import { FLAGS } from '../../chromium.ts';
import { type Ask, lineOf } from './asks.ts';
import { type Collector, openCollector, type SpecPart } from './collector.ts';
import { openShop, type Shop } from './shop.ts';
import { startVisit, type Visit } from './visit.ts';

/** A second pixel that the twin knows, with the same token. */
export const SECOND_PIXEL = 'CD9079RC77U0N3GBV16Z';

/** One browser, one shop and one twin for the tests of a file; collectors as they need them. */
export interface Stage {
  browser: Browser;
  twin: TwinProcess;
  shop: Shop;
  collectors: readonly Collector[];
  /** TikTok's script as pages load it */
  pixelScript: string;
  collector(part?: SpecPart): Promise<Collector>;
  /** A visitor of this collector's shop, in a folder of that name. */
  visit(name: string, collector: Collector): Promise<Visit>;
  /** All that the twin was ever asked. */
  twinRequests(): Promise<{ channel: string | null; ask: Ask }[]>;
}

/** Opens the stage before the file's tests, with what they share, and takes it down after them. */
export function openStage(prepare: () => Promise<void> = async () => {}): Stage {
  const collectors: Collector[] = [];
  const requests: RequestView[] = [];
  const stage = {
    collectors,
    async collector(part: SpecPart = {}) {
      const host = `shop.localhost:${stage.shop.port}`;
      const opened = await openCollector(
        {
          origins: [`http://${host}`, `http://other.localhost:${stage.shop.port}`],
          domains: ['shop.localhost', 'other.localhost'],
          twinUrl: stage.twin.url,
          pixelScript: stage.pixelScript,
        },
        part,
      );
      collectors.push(opened);
      return opened;
    },
    visit: (name: string, collector: Collector) => startVisit(stage, name, collector),
    async twinRequests() {
      // The twin gives a thousand at a time; two callers may get the same ones.
      const last = (): number => requests.at(-1)?.n ?? 0;
      for (const request of await stage.twin.requests(last())) if (request.n > last()) requests.push(request);
      return requests.map(asked);
    },
  } as unknown as Stage & { -readonly [Name in 'browser' | 'twin' | 'shop' | 'pixelScript']: Stage[Name] };

  before(async () => {
    const executablePath = findChromium() ?? '';
    [stage.twin, stage.shop, stage.browser] = await Promise.all([
      startTwin(),
      openShop(),
      // Playwright keeps pages out of the back-forward cache unless it is told not to.
      chromium.launch({ executablePath, args: [...FLAGS], ignoreDefaultArgs: ['--disable-back-forward-cache'] }),
    ]);
    stage.pixelScript = `http://tiktok.localhost:${stage.twin.port}/i18n/pixel/events.js`;
    await stage.twin.pixels([TWIN.pixel, SECOND_PIXEL].map((code) => ({ code, tokens: [TWIN.token] })));
    await prepare();
  });
  after(async () => {
    await stage.browser?.close();
    for (const one of collectors) await one.close();
    await stage.shop?.close();
    await stage.twin?.stop();
  });
  return stage;
}

function asked({ method, path, channel, headers, body, status }: RequestView): { channel: string | null; ask: Ask } {
  return {
    channel,
    ask: {
      line: lineOf(method, headers['host'] ?? '', path),
      from: headers['referer'] ?? '',
      query: path.split('?')[1] ?? '',
      body,
      status: status ?? 0,
    },
  };
}
