import { mkdirSync } from 'node:fs';
import type { HookWorld } from '../collection/webhooks/provider.ts';
import { clientSpec } from '../spec/client.ts';
import type { Destination } from '../spec/spec.ts';
import { upgradeStore } from '../store/care/stores.ts';
import { openJournal } from '../store/sqlite/journal.ts';
import { openLedgerReader } from '../store/sqlite/ledger.ts';
import { openSnapshots } from '../store/sqlite/ledger-snapshots.ts';
import type { Reply } from '../tiktok/answer.ts';
import { startTransport, type Transport } from '../transport/dispatch.ts';
import { openHandouts } from '../transport/handout.ts';
import { openPoster } from '../transport/post.ts';
import { accountOf, activate } from './activate.ts';
import { openActs } from './acts.ts';
import { trustedList } from './address.ts';
import { adminRoutes } from './admin.ts';
import { startAdmission } from './admission.ts';
import { pageRoutes, sdkScript } from './assets.ts';
import { startAttribution } from './attribution.ts';
import type { Config } from './config.ts';
import { diskState, watchJournal } from './disk.ts';
import { doorRoutes } from './doors.ts';
import { type Listener, listen, type Route } from './http.ts';
import { openKeys } from './keys.ts';
import { openLimits } from './limits.ts';
import { openLive } from './live.ts';
import { operatorToken, writeOperator } from './operator.ts';
import { startRetention } from './retention.ts';
import { settings } from './settings.ts';
import { openSignIn } from './sign-in.ts';
import { readSpecFile, Specs } from './specs.ts';
import { openTokens, readTokens } from './tokens.ts';

export interface Surroundings {
  now(): number;
  random(): number;
  env: Readonly<Record<string, string | undefined>>;
  /** one line for a person */
  log(line: string): void;
  /** what webhooks' providers may use of the world; the real one unless told */
  hooks?: HookWorld;
}

export interface RunningServer {
  publicUrl: string;
  publicPort: number;
  adminUrl: string;
  /** works once */
  signInUrl(): string;
  specVersion: number;
  /** The clock was moved: what waits for a time looks again. */
  wake(): void;
  /** In order: no new requests, requests under way, transport, admission, journal. */
  stop(): Promise<void>;
}

/** Puts the rooms together: one process, two listeners, the threads of journal, admission and attribution. */
export async function startServer(config: Config, around: Surroundings): Promise<RunningServer> {
  const opened: Opened[] = [];
  const stop = async (): Promise<void> => {
    for (const one of opened.splice(0).reverse()) await one.close();
  };
  try {
    return { ...(await open(config, around, opened)), stop };
  } catch (error) {
    // A port that is taken must not leave threads behind.
    await stop();
    throw error;
  }
}

/** What has to be closed again; the last one first. */
interface Opened {
  close(): Promise<void> | void;
}

async function open(config: Config, around: Surroundings, opened: Opened[]): Promise<Omit<RunningServer, 'stop'>> {
  const closing = <T extends Opened>(one: T): T => {
    opened.push(one);
    return one;
  };
  mkdirSync(config.dataFolder, { recursive: true });
  const file = readSpecFile(config.specFile);
  const { now } = around;
  upgradeStore(config.dataFolder, around.log);
  const journal = closing(await openJournal(config.dataFolder));
  const waiting = new Set<() => void>();
  let woken = (_offset: number): void => {};
  const admission = closing(
    await startAdmission(config.dataFolder, {
      committed: (offset) => {
        for (const done of [...waiting]) done();
        woken(offset);
      },
      waits: (why) =>
        around.log(
          why === undefined
            ? 'the ledger is written again, and admission goes on'
            : `admission waits: ${why}. Nothing is lost: the journal goes on, and so does admission once the disk can be written`,
        ),
      failed: (error) =>
        around.log(`admission stopped: ${error.message}. Nothing is lost: the journal goes on. Restart the server.`),
    }),
  );
  const reader = closing(await openLedgerReader(config.dataFolder));
  const attribution = closing(startAttribution(config.dataFolder, around.log));
  const written = closing(watchJournal(journal, { wake: admission.wake, log: around.log }));

  async function committed(seq: number, waitMs: number): Promise<void> {
    const until = performance.now() + waitMs;
    while (admission.offset() < seq && performance.now() < until)
      await new Promise<void>((resolve) => {
        const timer = setTimeout(done, until - performance.now());
        function done(): void {
          clearTimeout(timer);
          waiting.delete(done);
          resolve();
        }
        waiting.add(done);
      });
  }

  const specs = new Specs();
  const { specOverride: override } = config;
  const by = accountOf(around.env);
  const refusal = await activate(file, { reader, journal: written, committed, now, override, by });
  if (refusal !== undefined) around.log(refusal);
  specs.learn(await reader.specs());
  const specOf = specs.of.bind(specs);
  const poster = closing(openPoster(config.tiktokApi));
  const tokens = openTokens(around.env);
  const post = (target: Destination, body: string | Buffer): Promise<Reply> =>
    tokens.post(target, (token) => poster.post(target.id, token, body));
  const tokenMark = (id: string): string => {
    const target = specs.newest.destinations.find((one) => one.id === id);
    return target ? tokens.mark(target) : '';
  };
  const alarm = (destination: string, what: string): void => around.log(`destination ${destination} ${what}`);
  const transport: Transport = await startTransport({
    reader,
    journal: written,
    specOf,
    post,
    tokenMark,
    now,
    random: around.random,
    alarm,
  });
  closing({ close: transport.stop });
  // Before transport: an answer that waits for a full disk must not hold up the end.
  closing({ close: written.close });
  const handouts = openHandouts({ reader, journal: written, specOf, now });
  const live = openLive({
    reader,
    journal,
    specs,
    now,
  });
  closing({ close: live.stop });
  woken = (offset) => {
    transport.wake(offset);
    handouts.wake();
    live.wake();
    attribution.wake();
  };

  const failed = (error: unknown, where: string): void =>
    around.log(`${where} failed: ${error instanceof Error ? error.message : String(error)}`);
  const doors: { listener?: Listener } = {};
  const publicUrl = (): string =>
    config.publicUrl || urlOf(config.publicHost, doors.listener?.port ?? config.publicPort);
  const script = once(() =>
    sdkScript({
      ...clientSpec(specs.newest, specs.newest.version),
      // Of keys that operators made only the hash is known: pages of this script get the environment's.
      key: config.writeKeys[0] ?? '',
      collector: publicUrl(),
      pixelScript: config.tiktokPixel,
    }),
  );
  const trusted = trustedList(config.trustedProxies);
  const keys = openKeys(config, now);
  keys.learn(await reader.keys());
  const limits = openLimits({ ...config, now });
  const routes = doorRoutes({
    ...{ config, keys, limits, specs, journal: written, reader, handouts, trusted, script, committed, now },
    ...(around.hooks ? { hooks: around.hooks } : {}),
  });
  const retention = startRetention({
    ...{ journal, forget: admission.forget, offset: admission.offset, now, log: around.log },
    warehouse: attribution.forget,
    snapshots: openSnapshots(config.dataFolder),
    retention: () => specs.newest.retention,
  });
  closing({ close: retention.stop });
  const token = operatorToken();
  const signIn = openSignIn(now, token);
  const ready = (): { ok: boolean; [part: string]: unknown } => ({
    // The doors are open as long as the journal can be written, whatever else waits.
    ok: written.unwritable() === undefined,
    journal: diskState(written.unwritable()),
    ledger: diskState(admission.waits()),
    warehouse: attribution.state(),
    offset: admission.offset(),
    destinations: specs.newest.destinations.map(({ id }) => ({ id, ...transport.destination(id) })),
  });
  const destinations = (): string[] => specs.newest.destinations.map(({ id }) => id);
  const acts = openActs({ keys, reader, journal: written, committed, destinations, now });
  doors.listener = closing(await listen({ host: config.publicHost, port: config.publicPort }, routes, { failed }));
  const adminTable: Route[] = [
    ...adminRoutes({
      ...{ reader, specs, live, now, ready, acts },
      letters: {
        ...{ reader, specs, committed, now },
        journal: { append: written.append, read: journal.read, first: journal.first },
      },
      imports: { reader, journal: written, specs, committed, now },
      attribution: attribution.source,
      standing: (id) => transport.destination(id),
      settings: () =>
        settings({
          ...{ config, keys, specs, reader, now: now() },
          state: (id) => transport.destination(id),
          retained: retention.last,
          tokenSet: (target) => readTokens(target, around.env).tokens.length > 0,
          listeners: [
            { name: 'public', url: publicUrl(), routes },
            { name: 'admin', url: adminUrl, routes: adminTable },
          ],
        }),
    }),
    ...pageRoutes(),
  ];
  const admin = closing(
    await listen({ host: config.adminHost, port: config.adminPort }, adminTable, { failed, before: signIn.before }),
  );
  const adminUrl = urlOf(config.adminHost, admin.port);
  closing(writeOperator(config.dataFolder, { url: adminUrl, token, pid: process.pid }));

  return {
    publicUrl: publicUrl(),
    publicPort: doors.listener.port,
    adminUrl,
    signInUrl: () => adminUrl + signIn.link(),
    specVersion: specs.newest.version,
    wake: () => woken(admission.offset()),
  };
}

/** The address of a listener, as this machine reaches it. */
function urlOf(host: string, port: number): string {
  const name = host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '::1' : host;
  return `http://${name.includes(':') ? `[${name}]` : name}:${port}`;
}

function once<T>(make: () => T): () => T {
  let made: { value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
