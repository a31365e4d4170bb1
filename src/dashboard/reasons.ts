import { signal } from '@preact/signals';
import type { ReasonAnswer } from '../api/answers.ts';
import type { Answer } from './fetch.ts';

/** Every reason code with its meaning; empty until the server has told them. */
export const reasons = signal<ReadonlyMap<string, ReasonAnswer>>(new Map());

/** Keeps what the server told; a failure leaves the codes to speak for themselves. */
export function keepReasons(answer: Answer<ReasonAnswer[]>): void {
  if (answer.ok) reasons.value = new Map(answer.value.map((reason) => [reason.code, reason]));
}
