import { readdirSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import type { SettingsAnswer } from '../api/answers.ts';
import { EVENTS_MAX } from '../collection/schemas.ts';
import type { Destination } from '../spec/spec.ts';
import type { LedgerReader } from '../store/ledger.ts';
import { ledgerSnapshots } from '../store/sqlite/ledger-snapshots.ts';
import type { DestinationState } from '../transport/destination.ts';
import type { Config } from './config.ts';
import { BROWSER_BYTES_MAX, HOOK_BYTES_MAX, ORDER_BYTES_MAX, SERVER_BYTES_MAX } from './doors/bytes.ts';
import type { Route } from './http.ts';
import type { Keys } from './keys.ts';
import type { Rate } from './limits.ts';
import type { RetentionRun } from './retention.ts';
import type { Specs } from './specs.ts';
import { nameOf } from './tokens.ts';

const FILES_MAX = 100;

/** How this server is set up, for an operator's eyes; no secret is in it. */
export async function settings(of: {
  config: Config;
  keys: Keys;
  specs: Specs;
  reader: Pick<LedgerReader, 'tests'>;
  /** what transport does with a destination */
  state(id: string): DestinationState;
  /** the last run of retention since the server started */
  retained(): RetentionRun | undefined;
  tokenSet(target: Destination): boolean;
  listeners: readonly { name: 'public' | 'admin'; url: string; routes: readonly Route[] }[];
  now: number;
}): Promise<SettingsAnswer> {
  const { config, now } = of;
  const { business, destinations, retention, version } = of.specs.newest;
  const retained = of.retained();
  const tests = await of.reader.tests();
  return {
    asOf: now,
    timezone: business.timezone,
    specVersion: version,
    specFile: config.specFile,
    keys: of.keys.list(),
    destinations: destinations.map((target) => {
      const { state, why } = of.state(target.id);
      const test = tests.find(({ destination, until }) => destination === target.id && until > now);
      const { id, pixel, eventNames, crmEventSet, offlineEventSet, appId } = target;
      return {
        ...{ id, pixel, eventNames, crmEventSet, offlineEventSet, appId },
        token: nameOf(target.token),
        tokenSet: of.tokenSet(target),
        state,
        why,
        ...(test ? { test: { code: test.code, until: test.until } } : {}),
      };
    }),
    listeners: of.listeners.map(({ name, url, routes }) => ({
      name,
      url,
      // The admin listener believes nobody about addresses: it asks for none.
      trustedProxies: name === 'public' ? config.trustedProxies : [],
      serves: routes.filter(({ method }) => method !== 'OPTIONS').map(({ method, path }) => `${method} ${path}`),
    })),
    retention: {
      ...{ personal: retention.personal, journal: retention.journal },
      ...(retained ? { last: retained } : {}),
    },
    limits: limitsOf(config),
    files: filesOf(config.dataFolder),
  };
}

function limitsOf(config: Config): SettingsAnswer['limits'] {
  const kib = (bytes: number): string => `${bytes / 1024} KiB`;
  return [
    { name: 'ASSAY_RATE_ADDRESS', value: rateText(config.rateAddress), means: 'Requests of one visitor’s address.' },
    { name: 'ASSAY_RATE_KEY', value: rateText(config.rateKey), means: 'Requests with one server or import key.' },
    { name: 'events', value: String(EVENTS_MAX), means: 'Events, or facts of orders, in one request.' },
    { name: 'body of a page', value: kib(BROWSER_BYTES_MAX), means: 'Body of POST /v1/events.' },
    {
      name: 'body of a server',
      value: kib(SERVER_BYTES_MAX),
      means: 'Body of POST /v1/server/events, of an import and of an order’s entries.',
    },
    { name: 'body of an order', value: kib(ORDER_BYTES_MAX), means: 'Body of POST /v1/orders and /v1/leads.' },
    { name: 'body of a webhook', value: kib(HOOK_BYTES_MAX), means: 'Body of POST /v1/hooks/:provider.' },
  ];
}

function rateText(rate: Rate | null): string {
  return rate === null ? 'off' : `${rate.aSecond} a second, ${rate.burst} at once`;
}

/** The files of the data folder; those that end while it is read are left out. */
function filesOf(folder: string): SettingsAnswer['files'] {
  const snapshots = ledgerSnapshots(folder).map(({ path }) => relative(folder, path));
  return [...readdirSync(folder).sort().slice(0, FILES_MAX), ...snapshots].flatMap((name) => {
    const file = statSync(join(folder, name), { throwIfNoEntry: false });
    return file?.isFile() ? [{ name, bytes: file.size }] : [];
  });
}
