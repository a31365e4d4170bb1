import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { eventRows } from '../../../test/event-rows.ts';
import { outgoing } from '../../event/outgoing.ts';
import { eventDoc, readEventDoc } from './event-doc.ts';
import { readOutgoing } from './outgoing-doc.ts';

test('what is cut out of a stored event is what its row would give', () => {
  fc.assert(
    fc.property(eventRows, (event) => {
      const [doc, personal] = [eventDoc(event), event.personal === null ? null : JSON.stringify(event.personal)];
      assert.deepEqual(readOutgoing(event.seq, doc, personal), outgoing(readEventDoc(event.seq, doc, personal)));
    }),
    { numRuns: 2000 },
  );
});
