import type { FactKind } from '../../event/order.ts';
import type { ToldPayment } from '../../event/told.ts';

/** A webhook as it came: headers lower-case, body untouched. */
export interface Hook {
  method: string;
  /** as the provider wrote it: the public address of the collector, with path and query; some sign it too */
  url: string;
  headers: Readonly<Record<string, string | undefined>>;
  raw: Buffer;
  receivedAt: number;
}

/** What a provider's webhook tells. Every refusal looks the same from outside; the reason stays with us. */
export type HookRead =
  | Told
  /** genuine, but of a topic or shape that says nothing here; the topic where its name is plain */
  | { kind: 'other'; reason: 'topic_unknown' | 'topic_unused' | 'body_shape' | 'body_not_json'; topic?: string }
  /** the provider tries the address, unsigned and saying nothing: answered 200, and nothing is written */
  | { kind: 'ping' }
  | { kind: 'refused'; reason: 'signature_wrong' };

/** All of one webhook is written down together, or nothing. */
export interface Told {
  kind: 'told';
  topic: string;
  /** an order that the provider knows, as POST /v1/orders takes it, with the visitor and session that went along with it */
  order?: HookOrder;
  facts: ToldPayment[];
  /** steps of leads, as POST /v1/leads/:id/status takes them; a CRM may tell many in one webhook */
  steps?: HookStep[];
  /** the provider's test mode: all of it is a draft */
  draft?: true;
}

export interface HookOrder {
  order_id: string;
  value: string;
  currency: string;
  contents?: { content_id: string; quantity?: number; price?: string; content_name?: string }[];
  time?: string | number;
  visitor?: string;
  session?: string;
}

export interface HookStep {
  lead_id: string;
  /** a status of the spec's ladder or, where `provider` is told, that provider's own word */
  status: string;
  /** whose word `status` is: the spec's `leads.crm` says what it means */
  provider?: string;
  /** the provider's field that changed, where the spec's `leads.crm` chooses among several */
  property?: string;
  time?: string | number;
  /** `crm` for a lead of a TikTok Instant Form */
  source?: 'web' | 'crm';
}

/** What a provider may need of the world; tests bring their own. */
export interface HookWorld {
  /** the body at an https address, at most 64 KB, within 5 s; rejects otherwise. The provider checks the host first. */
  fetch(url: string): Promise<Buffer>;
  /** the certificates, as PEM, that others are trusted by */
  roots(): readonly string[];
}

/** What a topic can tell: an order, a step of a lead, or what became of an order. */
export type Tells = 'order' | 'step' | FactKind;

/** One topic that a provider tells something by. */
export interface Topic {
  /** the provider's own name, such as `orders/paid` */
  topic: string;
  /** all that it can tell; each body tells some of it */
  tells: readonly Tells[];
  /** what becomes of it, in a few words: `payment`, `refund, whole or part` … */
  means: string;
}

/** What a payment provider may fail to tell: a fact, that money was a part of the whole, or any fee but for disputes. */
export type Hole = 'order' | FactKind | 'partlyPaid' | 'partlyRefunded' | 'paymentFee';

/** One file a provider. `secrets` are the live signing secrets: two during a rotation. */
export interface Provider {
  /** in the address of its door, and in `ASSAY_PROVIDERS` */
  name: string;
  /** as people write it */
  title: string;
  /** the variable with its secrets, two separated by a comma during a rotation */
  secret: {
    variable: string;
    means: string;
    /** how to write one right, for one that is not */
    check(secret: string): string | undefined;
  };
  /** the topics that are understood */
  topics: readonly Topic[];
  /** what becomes of an order that none of its topics tells, and what fills the hole, in a few words; nothing of a CRM */
  holes: Readonly<Partial<Record<Hole, string>>>;
  /** what else is to be known of it; whole sentences */
  lacks: readonly string[];
  /** how its messages are proven, in a few words each */
  proof: {
    signature: string;
    /** is the time signed, and how old may it be? */
    time: string;
    /** what a message that comes again does */
    replay: string;
    /** how its test mode shows */
    test: string;
  };
  /** dotted paths of the fields that are read, `*` for each item of a list; all others are dropped first */
  keeps: readonly string[];
  read(hook: Hook, secrets: readonly string[], world: HookWorld): Promise<HookRead> | HookRead;
}
