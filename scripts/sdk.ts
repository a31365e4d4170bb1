import { readFile } from 'node:fs/promises';
import { type BuildOptions, build, type Plugin } from 'esbuild';

/** The name in the served script that stands for the client part, as JSON. */
const CLIENT_PLACEHOLDER = '__ASSAY_CLIENT__';

/** Writes named numbers and strings in where they are used: esbuild leaves them, at 110 bytes of the script's budget. */
const inlineConstants: Plugin = {
  name: 'inline-constants',
  setup(build) {
    build.onLoad({ filter: /src\/browser\/[\w-]+\.ts$/ }, async ({ path }) => {
      let contents = await readFile(path, 'utf8');
      for (const [, name, value] of contents.matchAll(/^const ([A-Z_]+) = ([\d_]+|'[\w.-]+');$/gm))
        contents = contents
          .replace(`const ${name} = ${value};`, '')
          .replace(new RegExp(`\\b${name}\\b`, 'g'), () => value ?? '');
      return { contents, loader: 'ts' };
    });
  },
};

/** How both builds of the SDK are made. */
export const sdkOptions: BuildOptions = {
  bundle: true,
  minify: true,
  target: 'es2020',
  legalComments: 'none',
  plugins: [inlineConstants],
  // Spares the script a "use strict"; type checking does not go by this.
  tsconfigRaw: { compilerOptions: { alwaysStrict: false } },
};

/** The script that pages load, with the placeholder for the client part still in it. */
export async function bundleScript(): Promise<{ text: string; parts: [file: string, bytes: number][] }> {
  const result = await build({
    ...sdkOptions,
    entryPoints: ['src/browser/main.ts'],
    format: 'iife',
    metafile: true,
    outfile: 'a.js',
    write: false,
  });
  const inputs = result.metafile.outputs['a.js']?.inputs ?? {};
  return {
    text: result.outputFiles[0]?.text ?? '',
    parts: Object.entries(inputs).map(([file, part]) => [file, part.bytesInOutput]),
  };
}

/** What the collector serves: the script with the client part in its place. */
export function composeScript(text: string, client: object): string {
  return text.replace(CLIENT_PLACEHOLDER, () => JSON.stringify(client));
}
