import { plainTopic } from './keep.ts';
import type { HookRead, Told, Topic } from './provider.ts';

export type Parts = Partial<Pick<Told, 'order' | 'facts' | 'steps' | 'draft'>>;
/** What one genuine body tells; `unused` where it says nothing here. */
export type Part = Parts | 'unused' | 'body_shape';

/** A body by its topic: what `read` makes of it where the topic is known, else why not, with its name where it is plain. */
export function readByTopic<Known extends Topic>(
  topics: readonly Known[],
  called: unknown,
  read: (topic: Known) => Part,
): HookRead {
  const plain = plainTopic(called);
  const known = topics.find(({ topic }) => topic === plain);
  if (!known) return { kind: 'other', reason: 'topic_unknown', ...(plain === undefined ? {} : { topic: plain }) };
  const { topic } = known;
  const part = read(known);
  if (part === 'body_shape') return { kind: 'other', reason: 'body_shape', topic };
  if (part === 'unused' || isNothing(part)) return { kind: 'other', reason: 'topic_unused', topic };
  return { kind: 'told', topic, facts: [], ...part };
}

function isNothing({ order, facts = [], steps = [] }: Parts): boolean {
  return !order && facts.length + steps.length === 0;
}
