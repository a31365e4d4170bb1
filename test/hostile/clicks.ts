import { WRITE_KEY } from '../server.ts';
import type { Row } from './outcome.ts';

const to = (target: string, more = ''): string => `page GET /v1/click?to=${encodeURIComponent(target)}${more}`;

/** Addresses that two readers could take for two hosts, or that are not ours. */
const FOREIGN = [
  ...[
    '',
    '/cart',
    '//evil.example',
    '///evil.example',
    'https:evil.example',
    'https:/evil.example',
    'https:\\\\evil.example',
  ],
  ...[
    'https://evil.example',
    'https://shop.example.evil.example',
    'https://evilshop.example',
    'https://shop.example@evil.example',
  ],
  ...[
    'https://evil.example#@shop.example',
    'https://evil.example\\@shop.example',
    'https://shop.example\\.evil.example',
  ],
  ...['https://shop.example:443@evil.example/', 'https://user:pass@shop.example/', 'https://@shop.example/'],
  ...[
    'javascript:alert(1)//https://shop.example',
    'JaVaScRiPt://shop.example/%0aalert(1)',
    'data:text/html,<script>',
    'vbscript:x',
  ],
  ...['file://shop.example/etc/passwd', 'ftp://shop.example/', 'view-source:https://shop.example/'],
  ...[
    'https://shop.example\t.evil.example',
    'https://sh\top.example/',
    'https://shop.example\r\nSet-Cookie: a=b',
    ' https://evil.example',
  ],
  ...[
    'https://shop.example\u3002evil.example',
    'https://ѕhop.example/',
    'https://xn--hop-4qc.example/',
    'https://shop.example\u2044@evil.example',
  ],
  ...[
    'https://shop.example%2eevil.example',
    'https://shop.example%00.evil.example',
    'https://[::1]/',
    'https://127.0.0.1/',
    'https://2130706433/',
  ],
  ...[
    'https://shop.example:99999/',
    'https://shop.example:8080/',
    `https://shop.example/${'x'.repeat(2100)}`,
    'https://shop.example/\u0000',
  ],
];

/** Clicks that would lead elsewhere, and ids that would break out of a header. */
export const CLICKS: readonly Row[] = [
  ...FOREIGN.map(
    (target): Row => [
      `a click to ${JSON.stringify(target.slice(0, 60))}`,
      to(target),
      undefined,
      '400 target_foreign to',
    ],
  ),
  ['a click to nowhere', 'page GET /v1/click', undefined, '400 target_foreign to'],
  [
    'a click to two places',
    to('https://shop.example/', '&to=https://evil.example'),
    undefined,
    '400 target_foreign to',
  ],
  ['a click to a list', 'page GET /v1/click?to[]=https://shop.example/', undefined, '400 target_foreign to'],
  ['a view with a click’s parameters', 'page GET /v1/view?to=https://evil.example&campaign_id=1', undefined, '200'],
  [
    'a carry with an id that breaks out of a header',
    'page POST /v1/carry',
    { key: WRITE_KEY, visitor: 'v\r\nSet-Cookie: a=b', session: 's' },
    '422 body_shape visitor',
  ],
  [
    'a carry with an id that breaks out of an address',
    'page POST /v1/carry',
    { key: WRITE_KEY, visitor: '../v', session: 's?x' },
    '422 body_shape visitor session',
  ],
];
