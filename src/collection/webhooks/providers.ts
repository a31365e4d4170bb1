import type { Provider } from './provider.ts';
import { standard } from './standard.ts';

/** Every provider whose webhooks are understood, by the name in the address of its door. */
export const PROVIDERS: ReadonlyMap<string, Provider> = new Map(
  [standard].map((provider) => [provider.name, provider]),
);
