import type { NewKeyAnswer, SettingsAnswer, SettingsKey } from '../api/answers.ts';
import type { KeyRole } from '../event/key.ts';
import { openActs } from '../server/acts.ts';
import { openKeys } from '../server/keys.ts';
import { hasStore, rethrow, serverAt, storeAt, told } from './desk.ts';

/** Where keys are made and ended. What can't be done is an `AssayError` that says why. */
export interface KeyDesk {
  /** does a server run? Without one, the keys of its environment are not known */
  served: boolean;
  timezone: string;
  list(): Promise<SettingsKey[]>;
  make(asked: { role: KeyRole; name: string; draft?: boolean }): Promise<NewKeyAnswer>;
  end(id: string, grace: string): Promise<SettingsKey>;
  close(): Promise<void>;
}

/** The running server, or without one the store itself, under its lock. Nothing where there is no store. */
export async function openKeyDesk(folder: string, now: () => number): Promise<KeyDesk | undefined> {
  if (!hasStore(folder)) return undefined;
  return (await serverDesk(folder)) ?? (await storeDesk(folder, now));
}

async function serverDesk(folder: string): Promise<KeyDesk | undefined> {
  const server = await serverAt(folder, '/v1/settings');
  if (!server) return undefined;
  const { ask, first } = server;
  const { keys, timezone } = (await first.json()) as SettingsAnswer;
  return {
    served: true,
    timezone,
    list: async () => keys,
    make: async (asked) => told(await ask('POST', '/v1/keys', asked)),
    end: async (id, grace) =>
      told(await ask('DELETE', `/v1/keys/${encodeURIComponent(id)}?grace=${encodeURIComponent(grace)}`)),
    close: async () => {},
  };
}

/** Admission in this process: the same record, decided by the same code. */
async function storeDesk(folder: string, now: () => number): Promise<KeyDesk> {
  const { journal, ledger, admission, close } = await storeAt(folder);
  try {
    const keys = openKeys({ writeKeys: [], secretKeys: [] }, now);
    keys.learn(await ledger.keys());
    const acts = openActs({
      ...{ keys, reader: ledger, journal, now },
      committed: () => admission.catchUp(),
      destinations: () => [],
    });
    return {
      served: false,
      timezone: 'UTC',
      list: async () => keys.list(),
      make: (asked) => acts.makeKey(asked).catch(rethrow),
      end: (id, grace) => acts.endKey(id, grace).catch(rethrow),
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}
