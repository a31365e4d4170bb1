// Writes dist/: what browsers load, and all that the package runs. With --bundles only what browsers load.
import { execFileSync } from 'node:child_process';
import { cpSync, globSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { bundleForBrowsers } from './bundle.ts';

const ROOT = join(import.meta.dirname, '..');
const DIST = join(ROOT, 'dist');

if (process.argv.includes('--bundles')) await bundleForBrowsers(DIST);
else {
  rmSync(DIST, { recursive: true, force: true });
  for (const project of ['tsconfig.build.json', 'tsconfig.types.json'])
    execFileSync(process.execPath, [join(ROOT, 'node_modules/typescript/bin/tsc'), '-p', project], {
      cwd: ROOT,
      stdio: 'inherit',
    });
  // Read at run time beside the file that names them.
  for (const asset of globSync('**/*.{sql,css,js,html}', { cwd: join(ROOT, 'src'), exclude: ['dashboard/**'] }))
    cpSync(join(ROOT, 'src', asset), join(DIST, asset));
  await bundleForBrowsers(DIST);
}
