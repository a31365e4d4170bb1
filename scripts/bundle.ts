import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type BuildOptions, build } from 'esbuild';
import { bundleModule, bundleScript } from './sdk.ts';

const ROOT = join(import.meta.dirname, '..');
const COMMON: BuildOptions = { absWorkingDir: ROOT, bundle: true, minify: true, logLevel: 'warning' };

/** Writes what browsers load: the SDK as served script and as module, and the pages. */
export async function bundleForBrowsers(dist: string): Promise<void> {
  mkdirSync(join(dist, 'browser'), { recursive: true });
  const [script, module] = await Promise.all([
    bundleScript(),
    bundleModule(),
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
  writeFileSync(join(dist, 'browser/assay.js'), script.text);
  writeFileSync(join(dist, 'browser/assay.mjs'), module);
  cpSync(join(ROOT, 'src/dashboard/index.html'), join(dist, 'pages/index.html'));
}
