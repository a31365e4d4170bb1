import type { Creative } from '../../event/fact.ts';
import { creativeNumber } from '../../store/creative.ts';

const RECENT_MAX = 10_000;

/** The creatives that touches name, by their place: what a touch needs to say of its own. */
export class Creatives {
  readonly #places = new Map<number, number>();
  readonly #numbers: number[] = [];
  readonly #channels: string[] = [];
  readonly #channelNumbers = new Map<string, number>();
  /** by place, the number of its channel */
  readonly #channelOf: number[] = [];

  /** by ad, or what else it has, the creative that had it last: many touches in a row name the same few */
  readonly #recent = new Map<string, { creative: Creative; place: number }>();

  /** The place of a creative; the next one where it is new. */
  of(creative: Creative): number {
    const by = creative.adId ?? creative.ad ?? creative.campaignId ?? creative.campaign ?? creative.channel;
    const recent = this.#recent.get(by);
    if (recent && isSame(recent.creative, creative)) return recent.place;
    const place = this.add(creativeNumber(creative), creative.channel);
    if (this.#recent.size >= RECENT_MAX) this.#recent.clear();
    this.#recent.set(by, { creative: only(creative), place });
    return place;
  }

  /** Of one that is there, by its `creativeNumber`. */
  place(number: number): number {
    const place = this.#places.get(number);
    if (place === undefined) throw new Error(`a touch is of creative ${number}, which nothing names`);
    return place;
  }

  add(number: number, channel: string): number {
    const known = this.#places.get(number);
    if (known !== undefined) return known;
    const place = this.#numbers.push(number) - 1;
    this.#places.set(number, place);
    let channelNumber = this.#channelNumbers.get(channel);
    if (channelNumber === undefined) {
      channelNumber = this.#channels.push(channel) - 1;
      this.#channelNumbers.set(channel, channelNumber);
    }
    this.#channelOf.push(channelNumber);
    return place;
  }

  /** `creativeNumber` of the creative at a place. */
  number(place: number): number {
    return this.#numbers[place] as number;
  }

  channel(place: number): string {
    return this.#channels[this.#channelOf[place] as number] as string;
  }

  get count(): number {
    return this.#numbers.length;
  }

  /** Those from a place on in order of their places, as `add` takes them. */
  rows(from = 0): [number: number, channel: string][] {
    return this.#numbers.slice(from).map((number, n) => [number, this.channel(from + n)]);
  }
}

function isSame(a: Creative, b: Creative): boolean {
  return (
    a.adId === b.adId &&
    a.ad === b.ad &&
    a.adgroupId === b.adgroupId &&
    a.adgroup === b.adgroup &&
    a.campaignId === b.campaignId &&
    a.campaign === b.campaign &&
    a.placement === b.placement &&
    a.channel === b.channel
  );
}

/** The creative of a touch, without the touch. */
function only({ channel, campaignId, campaign, adgroupId, adgroup, adId, ad, placement }: Creative): Creative {
  return { channel, campaignId, campaign, adgroupId, adgroup, adId, ad, placement };
}
