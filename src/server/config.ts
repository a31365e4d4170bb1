import { isIP } from 'node:net';
import type { Provider } from '../collection/webhooks/provider.ts';
import { PROVIDERS } from '../collection/webhooks/providers.ts';
import type { Parsed, Problem } from '../event/problem.ts';
import { overrideFix } from './activate.ts';
import type { Rate } from './limits.ts';

/** How the server runs. Everything comes from the environment, once, at start. */
export interface Config {
  dataFolder: string;
  specFile: string;
  /** why the spec may change what is frozen; absent: it may not */
  specOverride?: string;
  publicHost: string;
  publicPort: number;
  adminHost: string;
  adminPort: number;
  /** the collector's address as pages reach it; empty: taken from the listener */
  publicUrl: string;
  /** two during a rotation; pages get the first */
  writeKeys: string[];
  /** secrets never leave this object: it is not logged and not shown */
  secretKeys: string[];
  /** signing secrets by name, of the providers that are taken */
  hookSecrets: Readonly<Record<string, string[]>>;
  /** providers whose webhooks are taken */
  providers: string[];
  /** are views of ads noted? */
  views: boolean;
  /** null: no limit */
  rateAddress: Rate | null;
  rateKey: Rate | null;
  trustedProxies: string[];
  tiktokApi: string;
  tiktokPixel: string;
}

/** One setting: its variable, default, meaning, and how its text is read. */
interface Setting {
  name: string;
  fallback: string;
  means: string;
  secret?: true;
  check?(text: string): string | undefined;
}

const port = (text: string): string | undefined =>
  /^\d{1,5}$/.test(text) && Number(text) < 65_536
    ? undefined
    : 'a port is a number from 0 to 65535; 0 takes a free one';
const url = (text: string): string | undefined =>
  text === '' || (URL.canParse(text) && /^https?:$/.test(new URL(text).protocol))
    ? undefined
    : 'write an http or https address';
const writeKeys = (text: string): string | undefined =>
  isPair(text, 1) ? undefined : 'write one key, or two separated by a comma during a rotation';
const secretKeys = (text: string): string | undefined =>
  isPair(text, 16)
    ? undefined
    : 'set it to at least 16 characters, such as the output of: openssl rand -base64 24; two keys, separated by a comma, during a rotation';
const rate = (text: string): string | undefined =>
  text === 'off' || rateOf(text)
    ? undefined
    : 'write requests a second and burst, such as 50/200, each from 1 to 1000000 and the burst no smaller; or off';
const parts = (text: string): string[] =>
  text
    .split(',')
    .map((part) => part.trim())
    .filter(Boolean);
const hookSecrets =
  ({ secret }: Provider) =>
  (text: string): string | undefined => {
    const secrets = parts(text);
    if (new Set(secrets).size !== secrets.length || secrets.length > 2)
      return 'write one secret, or two separated by a comma during a rotation';
    return secrets.map((one) => secret.check(one)).find((fix) => fix !== undefined);
  };
const NO_PROVIDERS = 'none';
const providers = (text: string): string | undefined =>
  text === NO_PROVIDERS || parts(text).every((name) => PROVIDERS.has(name))
    ? undefined
    : `write names from ${[...PROVIDERS.keys()].join(', ')}, separated by commas; or ${NO_PROVIDERS}`;
const onOff = (text: string): string | undefined => (text === 'on' || text === 'off' ? undefined : 'write on or off');
const proxies = (text: string): string | undefined =>
  parts(text).every(isNetwork) ? undefined : 'write addresses or networks such as 10.0.0.0/8, separated by commas';

/** It is on unless told otherwise, so it can't ask for a secret of those who have no use for it. */
const ON_BY_DEFAULT = 'standard';

export const SETTINGS: readonly Setting[] = [
  { name: 'ASSAY_DATA', fallback: './.assay', means: 'Folder of the journal and the ledger.' },
  {
    name: 'ASSAY_SPEC',
    fallback: './tracking.yaml',
    means: 'The tracking spec. Without the file the built-in one runs.',
  },
  {
    name: 'ASSAY_SPEC_OVERRIDE',
    fallback: '',
    means:
      'Why the spec may change what its freeze keeps, in a sentence that the reports show. Each reason serves once. Empty: such a change is refused.',
    check: overrideFix,
  },
  { name: 'ASSAY_HOST', fallback: '127.0.0.1', means: 'Address that the public listener binds to.' },
  { name: 'ASSAY_PORT', fallback: '8787', means: 'Port of the public listener.', check: port },
  { name: 'ASSAY_ADMIN_HOST', fallback: '127.0.0.1', means: 'Address that the admin listener binds to.' },
  { name: 'ASSAY_ADMIN_PORT', fallback: '8788', means: 'Port of the pages and the admin API.', check: port },
  {
    name: 'ASSAY_PUBLIC_URL',
    fallback: '',
    means: 'The collector’s address as pages reach it, such as https://collect.shop.example.',
    check: url,
  },
  {
    name: 'ASSAY_WRITE_KEY',
    fallback: 'wk_assay',
    means:
      'Write key of the browser door. Public: it stands in the page. Two, separated by a comma, during a rotation: pages get the first.',
    check: writeKeys,
  },
  {
    name: 'ASSAY_SECRET_KEY',
    fallback: '',
    means: 'Secret key of the server door; two, separated by a comma, during a rotation.',
    secret: true,
    check: secretKeys,
  },
  {
    name: 'ASSAY_PROVIDERS',
    fallback: ON_BY_DEFAULT,
    means: `Providers whose webhooks are taken, by name, separated by commas; ${NO_PROVIDERS} takes none. Each but ${ON_BY_DEFAULT} needs its secret.`,
    check: providers,
  },
  ...[...PROVIDERS.values()].map(
    (provider): Setting => ({
      name: provider.secret.variable,
      fallback: '',
      means: provider.secret.means,
      secret: true,
      check: hookSecrets(provider),
    }),
  ),
  {
    name: 'ASSAY_VIEWS',
    fallback: 'off',
    means: 'Whether views of ads are noted at /v1/view: on or off. No personal data either way.',
    check: onOff,
  },
  {
    name: 'ASSAY_RATE_ADDRESS',
    fallback: '50/200',
    means: 'Requests a second, and burst, of one visitor’s address; IPv6 counts by /64. Beyond it the answer is 429.',
    check: rate,
  },
  {
    name: 'ASSAY_RATE_KEY',
    fallback: 'off',
    means: 'Requests a second, and burst, with one server or import key. Beyond it the answer is 429.',
    check: rate,
  },
  {
    name: 'ASSAY_TRUSTED_PROXIES',
    fallback: '',
    means: 'Proxies whose X-Forwarded-For is believed: addresses or networks, separated by commas.',
    check: proxies,
  },
  {
    name: 'ASSAY_TIKTOK_API',
    fallback: 'https://business-api.tiktok.com',
    means: 'TikTok’s Events API host.',
    check: url,
  },
  {
    name: 'ASSAY_TIKTOK_PIXEL',
    fallback: 'https://analytics.tiktok.com/i18n/pixel/events.js',
    means: 'TikTok’s pixel script.',
    check: url,
  },
];

/** Reads the environment, or lists every problem at once. Secrets are never repeated in a problem. */
export function readConfig(env: Readonly<Record<string, string | undefined>>): Parsed<Config> {
  const problems: Problem[] = [];
  const text = (name: string): string => {
    const setting = SETTINGS.find((candidate) => candidate.name === name);
    const value = env[name]?.trim() || setting?.fallback || '';
    const fix = setting?.check?.(value);
    if (fix) problems.push({ code: 'config', where: name, what: value === '' ? 'is not set' : 'can’t be used', fix });
    return value;
  };
  const config: Config = {
    dataFolder: text('ASSAY_DATA'),
    specFile: text('ASSAY_SPEC'),
    publicHost: text('ASSAY_HOST'),
    publicPort: Number(text('ASSAY_PORT')),
    adminHost: text('ASSAY_ADMIN_HOST'),
    adminPort: Number(text('ASSAY_ADMIN_PORT')),
    publicUrl: text('ASSAY_PUBLIC_URL').replace(/\/$/, ''),
    writeKeys: parts(text('ASSAY_WRITE_KEY')),
    secretKeys: parts(text('ASSAY_SECRET_KEY')),
    ...hooksOf(text),
    views: text('ASSAY_VIEWS') === 'on',
    rateAddress: rateOf(text('ASSAY_RATE_ADDRESS')) ?? null,
    rateKey: rateOf(text('ASSAY_RATE_KEY')) ?? null,
    trustedProxies: parts(text('ASSAY_TRUSTED_PROXIES')),
    tiktokApi: text('ASSAY_TIKTOK_API'),
    tiktokPixel: text('ASSAY_TIKTOK_PIXEL'),
  };
  const override = text('ASSAY_SPEC_OVERRIDE');
  if (override !== '') config.specOverride = override;
  if (config.writeKeys.some((key) => config.secretKeys.includes(key)))
    problems.push({
      code: 'config',
      where: 'ASSAY_SECRET_KEY',
      what: 'is the write key too, which every page shows',
      fix: 'set it to a text of its own',
    });
  for (const name of config.providers) {
    const variable = PROVIDERS.get(name)?.secret.variable ?? '';
    if (name === ON_BY_DEFAULT || config.hookSecrets[name]?.length !== 0) continue;
    const fix = `set it to the secret that ${PROVIDERS.get(name)?.title} signs with, or take ${name} out of ASSAY_PROVIDERS`;
    problems.push({ code: 'config', where: variable, what: 'is not set', fix });
  }
  return problems.length > 0 ? { ok: false, problems } : { ok: true, value: config };
}

/** The providers that are taken, and their secrets. The secrets of the others are read too: a wrong one is told early. */
function hooksOf(text: (name: string) => string): Pick<Config, 'providers' | 'hookSecrets'> {
  const named = text('ASSAY_PROVIDERS');
  const taken = named === NO_PROVIDERS ? [] : [...new Set(parts(named))];
  const secrets = [...PROVIDERS.values()].map(({ name, secret }) => [name, parts(text(secret.variable))] as const);
  return { providers: taken, hookSecrets: Object.fromEntries(secrets.filter(([name]) => taken.includes(name))) };
}

/** One or two texts of that length, different ones. */
function isPair(text: string, charsMin: number): boolean {
  const keys = parts(text);
  return (
    (keys.length === 1 || (keys.length === 2 && keys[0] !== keys[1])) && keys.every((key) => key.length >= charsMin)
  );
}

/** `50/200` */
function rateOf(text: string): Rate | undefined {
  const [, aSecond, burst] = (/^([1-9]\d{0,6})\/([1-9]\d{0,6})$/.exec(text) ?? []).map(Number);
  return aSecond && burst && burst >= aSecond && burst <= 1_000_000 ? { aSecond, burst } : undefined;
}

function isNetwork(text: string): boolean {
  const [address = '', bits = '0', ...more] = text.split('/');
  const family = isIP(address);
  return family !== 0 && more.length === 0 && /^\d{1,3}$/.test(bits) && Number(bits) <= (family === 6 ? 128 : 32);
}
