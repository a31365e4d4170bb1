import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Config } from '../src/server/config.ts';
import { type RunningServer, type Surroundings, startServer } from '../src/server/start.ts';
import { DEFAULT_TRACKING_YAML } from '../src/spec/default-text.ts';

export const SECRET_KEY = 'secret-key-of-the-server-door';
export const HOOK_SECRET = 'whsec_c2VjcmV0c2VjcmV0c2VjcmV0';
export const WRITE_KEY = 'wk_test';
export const SHOP = 'https://shop.example';

export interface TestServer extends RunningServer {
  folder: string;
  /** lines for the operator */
  log: string[];
}

/** A server in an empty folder on free ports, with the built-in spec made quick. Its `stop` takes the folder away. */
export async function startTestServer(
  tiktokApi: string,
  config: Partial<Config> = {},
  around: Partial<Surroundings> = {},
): Promise<TestServer> {
  const folder = mkdtempSync(join(tmpdir(), 'assay-server-'));
  const specFile = join(folder, 'tracking.yaml');
  writeFileSync(
    specFile,
    DEFAULT_TRACKING_YAML.replace('delay: 5s', 'delay: 50ms').replace('linger: 1s', 'linger: 50ms'),
  );
  const log: string[] = [];
  const server = await startServer(
    {
      dataFolder: folder,
      specFile,
      publicHost: '127.0.0.1',
      publicPort: 0,
      adminHost: '127.0.0.1',
      adminPort: 0,
      publicUrl: '',
      writeKeys: [WRITE_KEY],
      secretKeys: [SECRET_KEY],
      hookSecrets: { standard: [HOOK_SECRET] },
      providers: ['standard'],
      views: true,
      rateAddress: null,
      rateKey: null,
      trustedProxies: [],
      tiktokApi,
      tiktokPixel: `${tiktokApi}/events.js`,
      ...config,
    },
    {
      now: Date.now,
      random: Math.random,
      env: { TIKTOK_TOKEN: 'twin-token' },
      log: (line) => log.push(line),
      ...around,
    },
  );
  return {
    ...server,
    folder,
    log,
    async stop() {
      await server.stop();
      rmSync(folder, { recursive: true });
    },
  };
}
