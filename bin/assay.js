#!/usr/bin/env node
// Plain JavaScript: an older Node must be able to read this, and Node strips no types under node_modules.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const path = (relative) => fileURLToPath(new URL(relative, import.meta.url));
const checkout = existsSync(path('../src/cli/main.ts'));
const newer = path('../node_modules/.bin/node');

if (Number.parseInt(process.versions.node, 10) >= 24) {
  await import(checkout ? '../src/cli/main.ts' : '../dist/cli/main.js');
} else if (checkout && existsSync(newer)) {
  const child = spawn(newer, [path('assay.js'), ...process.argv.slice(2)], { stdio: 'inherit' });
  process.on('SIGTERM', () => child.kill('SIGTERM'));
  process.on('SIGINT', () => {}); // the terminal interrupts the child as well
  child.on('exit', (code) => process.exit(code ?? 1));
} else {
  const how = checkout ? '`npm ci`, then `npx --no-install assay`' : '`npm install node@24`, then `npx assay`';
  console.error(`Assay needs Node 24 or newer and this is ${process.version}: run ${how}.`);
  process.exitCode = 1;
}
