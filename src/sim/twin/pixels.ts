import type { Json, Source } from '../../event/event.ts';
import { isObject } from './json.ts';

/** One pixel with what belongs to its ad account: tokens, apps, event sets. */
export interface Pixel {
  code: string;
  tokens: string[];
  appIds: string[];
  eventSets: { crm: string[]; offline: string[] };
}

export const DEFAULT_PIXELS: readonly Pixel[] = [
  {
    code: 'CD9079RC77U0N3GBV16Y',
    tokens: ['twin-token'],
    appIds: ['7300000000000000003'],
    eventSets: { crm: ['7300000000000000001'], offline: ['7300000000000000002'] },
  },
];

/** May a holder of the token send events of this source to this id? */
export function isPermitted(pixels: readonly Pixel[], token: string, source: Source, sourceId: string): boolean {
  return pixels.some((pixel) => pixel.tokens.includes(token) && sourceIds(pixel, source).includes(sourceId));
}

function sourceIds(pixel: Pixel, source: Source): readonly string[] {
  switch (source) {
    case 'web':
      return [pixel.code];
    case 'app':
      return pixel.appIds;
    case 'crm':
      return pixel.eventSets.crm;
    case 'offline':
      return pixel.eventSets.offline;
  }
}

/** Pixels from the control API, or everything that is wrong with them. */
export function parsePixels(body: Json | undefined): Pixel[] | string[] {
  if (!Array.isArray(body)) return ['the body must be a list of pixels'];
  const problems: string[] = [];
  const pixels = body.map((one, index) => {
    const pixel = isObject(one) ? one : {};
    const sets = isObject(pixel['eventSets']) ? pixel['eventSets'] : {};
    const lists = { tokens: pixel['tokens'], appIds: pixel['appIds'], crm: sets['crm'], offline: sets['offline'] };
    for (const [name, list] of Object.entries(lists))
      if (list !== undefined && !isTextList(list)) problems.push(`${index}.${name}: must be a list of texts`);
    if (typeof pixel['code'] !== 'string') problems.push(`${index}.code: must be a text`);
    return {
      code: String(pixel['code']),
      tokens: isTextList(lists.tokens) ? lists.tokens : [],
      appIds: isTextList(lists.appIds) ? lists.appIds : [],
      eventSets: {
        crm: isTextList(lists.crm) ? lists.crm : [],
        offline: isTextList(lists.offline) ? lists.offline : [],
      },
    };
  });
  return problems.length > 0 ? problems : pixels;
}

function isTextList(value: Json | undefined): value is string[] {
  return Array.isArray(value) && value.every((entry) => typeof entry === 'string');
}
