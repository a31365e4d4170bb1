import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { fuzz, shared } from './feed.ts';
import { openParsers } from './parsers.ts';

const INPUTS = 20_000;
const SEED = 20_260_801;

const { parsers, close } = await openParsers();
after(close);

for (const [parser, inputs] of shared(parsers, INPUTS))
  test(`${parser.name} reads whatever it is given in its declared way`, async () => {
    const { faults, accepted, refused } = await fuzz(parser, SEED, inputs);
    assert.deepEqual(faults, []);
    assert.equal(accepted + refused, inputs);
  });
