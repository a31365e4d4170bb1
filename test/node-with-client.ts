/**
 * NODE_OPTIONS under which a plain Node program finds this checkout's client as `assay/server`, as it would find it in
 * the installed package.
 */
export const WITH_CLIENT = `--import=data:text/javascript,${encodeURIComponent(`
import { registerHooks } from 'node:module';
const client = ${JSON.stringify(new URL('../src/client/client.ts', import.meta.url).href)};
registerHooks({ resolve: (name, context, next) => next(name === 'assay/server' ? client : name, context) });
`)}`;
