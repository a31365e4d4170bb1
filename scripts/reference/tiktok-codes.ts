import { type Reading, read } from '../../src/tiktok/answer.ts';
import { type CodeClass, classOf, RETURN_CODES } from '../../src/tiktok/codes.ts';
import { code, page, table } from './markdown.ts';

const CLASSES: Record<CodeClass, string> = {
  accept: 'TikTok has it.',
  partial: 'Some of the batch were refused: each item is read from the answer; what can’t be read becomes unknown.',
  retry: 'TikTok failed: it is sent again under the same id.',
  throttle: 'Too much: the destination rests for a second, then for five minutes, then until 00:00 UTC.',
  fixRequest:
    'These bytes will never pass: the event at fault is dead, and kept; the others of its batch are sent again.',
  fixToken:
    'Token, permission or address is wrong: the destination pauses, everything waits, one batch tries again every five minutes.',
  unknown: 'The copy may have arrived: it is not sent again.',
};

/** Codes that stand for the ranges in which TikTok has not published them. */
const RANGES: [string, number][] = [
  ['any other 4xxxx', 49_999],
  ['any other 5xxxx or 6xxxx', 69_999],
  ['anything else', 99_999],
];

export function tiktokCodesPage(): string {
  const classes = (Object.keys(CLASSES) as CodeClass[]).map((kind) => {
    const { outcome, why, copy } = readingOf(kind);
    return [code(kind), CLASSES[kind], code(outcome), code(why), copy ? 'yes' : 'no'];
  });
  const known = [...RETURN_CODES.values()].map((entry) => [String(entry.code), code(entry.class), entry.meaning]);
  const ranges = RANGES.map(([words, example]) => [words, code(classOf(example)), 'Not published.']);
  return page('TikTok’s return codes', 'RETURN_CODES in src/tiktok/codes.ts', [
    'TikTok answers HTTP 200 with a code in the body. The code decides; HTTP alone never makes a success.',
    '## What we do',
    table(['class', 'what we do', 'outcome', 'reason', 'may TikTok hold a copy?'], classes),
    'Without a body that TikTok could have written: 429 is `throttle`; 408 and 5xx are `retry`, and the clocks count a possible copy; 400 and 413 are `fixRequest`; any other status from 300 on is `fixToken`; a 2xx is `unknown`.',
    '## Codes',
    table(['code', 'class', 'meaning'], [...known, ...ranges]),
  ]);
}

/** How an answer with a code of this class is read. */
function readingOf(kind: CodeClass): Reading {
  const example = [...RETURN_CODES.values()].find((entry) => entry.class === kind);
  const body = JSON.stringify({ code: example?.code, message: '' });
  return read({ kind: 'http', status: 200, body }, [''])[0] as Reading;
}
