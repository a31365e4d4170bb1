import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { request } from 'undici';
import { PROVIDERS } from '../collection/webhooks/providers.ts';
import { AssayError } from '../event/error.ts';
import { DAY, durationText, HOUR } from '../event/time.ts';
import { type Config, readConfig } from '../server/config.ts';
import { readSpecFile } from '../server/specs.ts';
import { nameOf, readTokens } from '../server/tokens.ts';
import type { Destination, Spec } from '../spec/spec.ts';
import { lastBackup } from '../store/care/last-backup.ts';
import { STORE_FILES } from '../store/care/stores.ts';
import { openReader, type StoreFile } from '../store/sqlite/open.ts';
import { PIXEL_TO_REPLACE } from './init-questions.ts';
import type { Io } from './io.ts';

interface Check {
  check: string;
  state: 'ok' | 'warn' | 'fail';
  says: string;
}

/** Looks at everything a server needs. 1 when something would keep it from working. */
export async function doctor(options: { json?: boolean }, io: Io): Promise<number> {
  const checks: Check[] = [node()];
  const config = readConfig(io.env);
  if (config.ok) {
    checks.push({ check: 'settings', state: 'ok', says: 'all readable' });
    checks.push(
      ...spec(config.value, io),
      store(config.value),
      ...care(config.value, io.now()),
      ...(await ports(config.value)),
      await tiktok(config.value),
    );
  } else
    for (const problem of config.problems)
      checks.push({ check: 'settings', state: 'fail', says: `${problem.where} ${problem.what}: ${problem.fix}` });
  const failed = checks.some((check) => check.state === 'fail');
  io.stdout(options.json ? `${JSON.stringify({ ok: !failed, checks })}\n` : `${checks.map(line).join('\n')}\n`);
  return failed ? 1 : 0;
}

function line(check: Check): string {
  return `${{ ok: '✓', warn: '!', fail: '✗' }[check.state]} ${check.check}: ${check.says}`;
}

function node(): Check {
  const major = Number(process.versions.node.split('.')[0]);
  return major >= 24
    ? { check: 'node', state: 'ok', says: process.versions.node }
    : { check: 'node', state: 'fail', says: `${process.versions.node} is too old: install Node 24 or newer` };
}

function spec(config: Config, io: Io): Check[] {
  try {
    const file = readSpecFile(config.specFile);
    const found = existsSync(config.specFile);
    return [
      found
        ? { check: 'spec', state: 'ok', says: `${config.specFile}, hash ${file.spec.hash.slice(0, 8)}` }
        : { check: 'spec', state: 'warn', says: `${config.specFile} does not exist: the built-in demo spec would run` },
      ...file.spec.destinations.map((target) => destination(target, io)),
      ...confirmation(file.spec, config),
    ];
  } catch (error) {
    return [{ check: 'spec', state: 'fail', says: error instanceof AssayError ? `\n${error.message}` : String(error) }];
  }
}

function destination(target: Destination, io: Io): Check {
  const check = `destination ${target.id}`;
  const name = nameOf(target.token);
  if (target.pixel === PIXEL_TO_REPLACE)
    return { check, state: 'fail', says: 'its pixel is still to be filled in: copy the code from Events Manager' };
  const { tokens, problem } = readTokens(target, io.env);
  if (problem !== undefined) return { check, state: tokens.length > 0 ? 'warn' : 'fail', says: problem };
  if (tokens.length > 0)
    return { check, state: 'ok', says: `${name} is set${tokens.length > 1 ? `, with ${tokens.length} tokens` : ''}` };
  const says = `${name} is not set: generate the token in Events Manager, under the pixel's settings`;
  return { check, state: 'fail', says };
}

/** Events that wait for a webhook that nobody can sign would wait until they expire. */
function confirmation({ events }: Spec, config: Config): Check[] {
  const waiting = Object.keys(events).filter((name) => events[name]?.confirm === 'webhook');
  if (waiting.length === 0 || Object.values(config.hookSecrets).some((secrets) => secrets.length > 0)) return [];
  const variables = config.providers.map((name) => PROVIDERS.get(name)?.secret.variable);
  const needs = variables.length > 0 ? variables.join(' or ') : 'a provider in ASSAY_PROVIDERS';
  const says = `${waiting.join(', ')} waits for the payment webhook, which needs ${needs}; or confirm otherwise in the spec`;
  return [{ check: 'payment webhook', state: 'warn', says }];
}

function store(config: Config): Check {
  const probe = join(config.dataFolder, '.doctor');
  try {
    mkdirSync(config.dataFolder, { recursive: true });
    writeFileSync(probe, '');
    rmSync(probe);
    return { check: 'store', state: 'ok', says: `${config.dataFolder} can be written` };
  } catch (error) {
    return {
      check: 'store',
      state: 'fail',
      says: `${config.dataFolder} can't be written: ${error instanceof Error ? error.message : String(error)}`,
    };
  }
}

/** What is there by now: versions of the files, and how old the last backup is. */
function care({ dataFolder }: Config, now: number): Check[] {
  const files = STORE_FILES.filter(({ name }) => existsSync(join(dataFolder, name)));
  if (files.length === 0) return [];
  const backup = lastBackup(dataFolder);
  const last = backup && now - backup.madeAt;
  const hours = Math.floor((last ?? 0) / HOUR) * HOUR;
  const ago = hours > 0 ? `${durationText(hours)} ago` : 'within the last hour';
  const says = backup ? `made ${ago}, in ${backup.to}` : 'none is known: assay backup <folder>';
  return [
    { check: 'store versions', ...versions(dataFolder, files) },
    {
      check: 'last backup',
      state: last !== undefined && last < BACKUP_AGE_MAX && backup?.sound ? 'ok' : 'warn',
      says: backup?.sound === false ? `${says}, and it is not sound: assay verify` : says,
    },
  ];
}

const BACKUP_AGE_MAX = 7 * DAY;

function versions(folder: string, files: readonly StoreFile[]): Pick<Check, 'state' | 'says'> {
  const known = files.map(({ name, schema }) => `${name} ${schema.length}`).join(', ');
  try {
    for (const file of files) openReader(folder, file).close();
    return { state: 'ok', says: known };
  } catch (error) {
    const code = error instanceof AssayError ? error.code : '';
    if (code === 'store_older') return { state: 'warn', says: `${known}: the next start upgrades, and keeps a copy` };
    return { state: 'fail', says: error instanceof Error ? error.message : String(error) };
  }
}

async function ports(config: Config): Promise<Check[]> {
  const wanted = [
    { name: 'public port', host: config.publicHost, port: config.publicPort },
    { name: 'admin port', host: config.adminHost, port: config.adminPort },
  ];
  const checks: Check[] = [];
  for (const { name, host, port } of wanted)
    checks.push(
      (await isFree(host, port))
        ? { check: name, state: 'ok', says: `${host}:${port} is free` }
        : { check: name, state: 'warn', says: `${host}:${port} is taken: by a running Assay, or set another port` },
    );
  return checks;
}

function isFree(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, host, () => server.close(() => resolve(true)));
  });
}

/** Any answer will do: it is the way that is tested, not the token. */
async function tiktok(config: Config): Promise<Check> {
  try {
    const answer = await request(config.tiktokApi, { method: 'GET', headersTimeout: 5000, bodyTimeout: 5000 });
    await answer.body.dump();
    return { check: 'tiktok', state: 'ok', says: `${config.tiktokApi} answers` };
  } catch (error) {
    const why = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    return {
      check: 'tiktok',
      state: 'fail',
      says: `${config.tiktokApi} can't be reached (${why}): open the way out for it`,
    };
  }
}
