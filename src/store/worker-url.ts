/** Address of a worker beside the importing file, `.ts` in a checkout and `.js` in the package; `name` has no ending. */
export function workerUrl(name: string, importer: string): URL {
  return new URL(importer.endsWith('.ts') ? `${name}.ts` : `${name}.js`, importer);
}
