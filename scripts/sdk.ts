import { join } from 'node:path';
import { type BuildOptions, build } from 'esbuild';
import { minify } from 'terser';

/** The name in the served script that stands for the client part, as JSON. */
const CLIENT_PLACEHOLDER = '__ASSAY_CLIENT__';

const OPTIONS: BuildOptions = {
  absWorkingDir: join(import.meta.dirname, '..'),
  bundle: true,
  write: false,
  metafile: true,
  target: 'es2020',
  legalComments: 'none',
  outdir: 'sdk',
};

/** Bytes of each source file in the bundle, before it is made small. */
export type Parts = [file: string, bytes: number][];

/** The script that pages load, with the placeholder for the client part still in it. */
export function bundleScript(): Promise<{ text: string; parts: Parts }> {
  return bundle('src/browser/main.ts', 'iife');
}

/** The module for those who bundle it themselves. */
export async function bundleModule(): Promise<string> {
  return (await bundle('src/browser/assay.ts', 'esm')).text;
}

/** esbuild joins the files; terser makes them 70 bytes smaller than esbuild does, and writes named constants in. */
async function bundle(entry: string, format: 'iife' | 'esm'): Promise<{ text: string; parts: Parts }> {
  const built = await build({ ...OPTIONS, entryPoints: [entry], format });
  const small = await minify(built.outputFiles?.[0]?.text ?? '', {
    ecma: 2020,
    toplevel: true,
    module: format === 'esm',
    compress: { passes: 3, unsafe: true, unsafe_arrows: true, pure_getters: true, hoist_funs: true },
  });
  const [output] = Object.values(built.metafile?.outputs ?? {});
  const parts = Object.entries(output?.inputs ?? {}).map(([file, part]): Parts[number] => [file, part.bytesInOutput]);
  // A "use strict" would cost its bytes; type checking does not go by this.
  return { text: (small.code ?? '').replace('"use strict";', ''), parts };
}

/** What the collector serves: the script with the client part in its place. */
export function composeScript(text: string, client: object): string {
  return text.replace(CLIENT_PLACEHOLDER, () => JSON.stringify(client));
}
