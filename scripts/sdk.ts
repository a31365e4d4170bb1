import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type BuildOptions, build, type Plugin } from 'esbuild';
import { type MinifyOptions, minify } from 'terser';
import { type ClientParts, placeOf } from '../src/event/client-spec.ts';

const OPTIONS: BuildOptions = {
  absWorkingDir: join(import.meta.dirname, '..'),
  bundle: true,
  format: 'esm',
  write: false,
  metafile: true,
  target: 'es2020',
  legalComments: 'none',
  outdir: 'sdk',
};

const MINIFY: MinifyOptions = {
  ecma: 2020,
  module: true,
  compress: {
    passes: 3,
    unsafe: true,
    unsafe_arrows: true,
    pure_getters: true,
    booleans_as_integers: true,
    // Found by trying every setting: functions with statements are smaller where they stand.
    inline: 2,
    comparisons: false,
    lhs_constants: false,
  },
};

/**
 * The script without variables for the parts of its configuration: 60 bytes smaller when the collector writes each where
 * it is used.
 */
const partsInPlace: Plugin = {
  name: 'parts in place',
  setup({ onLoad }) {
    onLoad({ filter: /browser\/config\.ts$/ }, ({ path }) => {
      const names = [...readFileSync(path, 'utf8').matchAll(/^export let (\w+)/gm)].map(([, name]) => name as Part);
      return { contents: names.map((name) => `export const ${name} = '${placeOf(name)}';`).join('\n') };
    });
  },
};
type Part = keyof ClientParts;

/** Bytes of each source file in the bundle, before it is made small. */
export type Parts = [file: string, bytes: number][];

/** The script that pages load, with the names of the client's parts still in their places. */
export async function bundleScript(): Promise<{ text: string; parts: Parts }> {
  const { text, parts } = await bundle('src/browser/main.ts', [partsInPlace]);
  // A block keeps its names to itself as a function does, where none is a `var`.
  return { text: `{${text.replace(/;$/, '')}}`, parts };
}

/** The module for those who bundle it themselves. */
export async function bundleModule(): Promise<string> {
  return (await bundle('src/browser/assay.ts')).text;
}

/** esbuild joins the files; terser makes them 200 bytes smaller than esbuild does, and writes named constants in. */
async function bundle(entry: string, plugins: Plugin[] = []): Promise<{ text: string; parts: Parts }> {
  const built = await build({ ...OPTIONS, entryPoints: [entry], plugins });
  // The second time it names variables by how often they stand in what the first time left.
  const once = await minify(withArrows(built.outputFiles?.[0]?.text ?? ''), { ...MINIFY, mangle: false });
  const small = await minify(once.code ?? '', MINIFY);
  const [output] = Object.values(built.metafile?.outputs ?? {});
  const parts = Object.entries(output?.inputs ?? {}).map(([file, part]): Parts[number] => [file, part.bytesInOutput]);
  return { text: alike(small.code ?? ''), parts };
}

/** One word for one thing, which packs better. Types have seen to it that both sides of a comparison are of one kind. */
function alike(text: string): string {
  return text.replace(/\b(const|var)\b/g, 'let').replace(/([=!])==/g, '$1=');
}

/**
 * The functions of the files as constants with arrows, 50 bytes smaller in all. esbuild writes a file's own functions
 * with the indent of the file; what they call is written before them, and none of them has a `this` of its own.
 */
function withArrows(text: string): string {
  return text.replace(
    /^( *)(async )?function (\w+)\((.*)\) \{\n([\s\S]*?)^\1\}$/gm,
    (_, indent, async = '', name, parameters, body) =>
      `${indent}var ${name} = ${async}(${parameters}) => {\n${body}${indent}};`,
  );
}
