import type { Readable, Writable } from 'node:stream';
import { isCancel, select, text } from '@clack/prompts';
import { faultOf, type Question } from './init-questions.ts';

/** Asks one question in a terminal; undefined when the person leaves. */
export async function askInTerminal(
  question: Question,
  usual: string,
  streams: { input?: Readable; output?: Writable } = {},
): Promise<string | undefined> {
  const { asks, choices } = question;
  const answer = choices
    ? await select({
        ...streams,
        message: asks,
        options: choices.map(([value, means]) => ({ value, label: value, hint: means })),
        initialValue: usual,
      })
    : await text({
        ...streams,
        message: asks,
        placeholder: usual,
        defaultValue: usual,
        validate: (told) => faultOf(question, told?.trim() || usual),
      });
  return isCancel(answer) ? undefined : answer.trim() || usual;
}
