import assert from 'node:assert/strict';
import { test } from 'node:test';
import { journalConformance } from './journal.conformance.ts';
import { memoryJournal } from './memory/journal.ts';
import { openJournal } from './sqlite/journal.ts';
import { inTemporaryFolder } from './test-folder.ts';
import { workerUrl } from './worker-url.ts';

journalConformance('memory', async () => memoryJournal());

journalConformance('sqlite', (t) => inTemporaryFolder(t, openJournal));

test('a worker beside a module has the ending of that module', () => {
  assert.equal(workerUrl('./writer', 'file:///src/a/open.ts').href, 'file:///src/a/writer.ts');
  assert.equal(workerUrl('./writer', 'file:///dist/a/open.js').href, 'file:///dist/a/writer.js');
});
