import { openAnswers } from './answers.ts';
import { ASKED } from './asked.ts';
import { DOORS } from './doors.ts';
import { FILES } from './files.ts';
import { HOOKS } from './hooks.ts';
import { IMPORTS } from './imports.ts';
import { AUDITED } from './logs.ts';
import type { Fuzzed } from './parser.ts';
import { RULES } from './rules.ts';
import { TIKTOK_ANSWERS } from './tiktok-answers.ts';

/** Every parser of what comes from outside. */
export async function openParsers(): Promise<{ parsers: Fuzzed[]; close(): Promise<void> }> {
  const { parsers, close } = await openAnswers();
  return {
    parsers: [...DOORS, ...HOOKS, ...RULES, ...TIKTOK_ANSWERS, ...FILES, ...IMPORTS, ...AUDITED, ...ASKED, ...parsers],
    close,
  };
}
