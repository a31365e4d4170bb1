import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { type BuildOptions, build } from 'esbuild';
import { sdkOptions } from './sdk.ts';

const ROOT = join(import.meta.dirname, '..');
const COMMON: BuildOptions = { absWorkingDir: ROOT, bundle: true, minify: true, logLevel: 'warning' };

/** Writes what browsers load: the SDK as served script and as module, and the pages. */
export async function bundleForBrowsers(dist: string): Promise<void> {
  const sdk: BuildOptions = { ...COMMON, ...sdkOptions };
  await Promise.all([
    // The collector puts the client part of the spec in the place of __ASSAY_CLIENT__.
    build({ ...sdk, entryPoints: ['src/browser/main.ts'], format: 'iife', outfile: join(dist, 'browser/assay.js') }),
    build({ ...sdk, entryPoints: ['src/browser/assay.ts'], format: 'esm', outfile: join(dist, 'browser/assay.mjs') }),
    build({
      ...COMMON,
      entryPoints: [
        { in: 'src/dashboard/main.tsx', out: 'dashboard' },
        { in: 'src/ui/ui.css', out: 'dashboard' },
      ],
      outdir: join(dist, 'pages'),
      format: 'esm',
      target: 'es2022',
      jsx: 'automatic',
      jsxImportSource: 'preact',
    }),
  ]);
  cpSync(join(ROOT, 'src/dashboard/index.html'), join(dist, 'pages/index.html'));
}
