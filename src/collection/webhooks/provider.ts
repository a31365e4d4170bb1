import type { ToldPayment } from '../../event/told.ts';

/** A webhook as it came: headers lower-case, body untouched. */
export interface Hook {
  headers: Readonly<Record<string, string | undefined>>;
  raw: Buffer;
  receivedAt: number;
}

/** What a provider's webhook tells. Every refusal looks the same from outside; the reason stays with us. */
export type HookRead =
  | { kind: 'payment'; payment: ToldPayment }
  /** genuine, but of a topic or shape that says nothing here; the topic where its name is plain */
  | { kind: 'other'; reason: 'topic_unknown' | 'body_shape' | 'body_not_json'; topic?: string }
  | { kind: 'refused'; reason: 'signature_wrong' };

/** One file a provider. `secrets` are the live signing secrets: two during a rotation. */
export interface Provider {
  name: string;
  /** dotted paths of the fields that are read; all others are dropped first */
  keeps: readonly string[];
  read(hook: Hook, secrets: readonly string[]): HookRead;
}
