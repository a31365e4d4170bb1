/**
 * What TikTok's return code asks of us.
 * `fixRequest`: these bytes will never pass. `fixToken`: token, permission or endpoint is wrong and no event is at
 * fault, so the destination pauses. `unknown`: the copy may have arrived, the code does not tell.
 */
export type CodeClass = 'accept' | 'partial' | 'retry' | 'throttle' | 'fixRequest' | 'fixToken' | 'unknown';

export interface ReturnCode {
  code: number;
  class: CodeClass;
  meaning: string;
}

/** TikTok's published return codes (API for Business, appendix "Return codes", read August 2026). */
const TABLE: readonly (readonly [number, CodeClass, string])[] = [
  [0, 'accept', 'Success'],
  [20001, 'partial', 'Only part of the request was accepted; inspect data for the failed items'],
  [40000, 'fixRequest', 'Request parameters are not valid (generic)'],
  [
    40001,
    'fixToken',
    'Caller lacks permission for the object (for Events API: the token’s user is not admin/operator of the pixel’s ad account, or wrong pixel code)',
  ],
  [
    40002,
    'fixRequest',
    'Parameter error; the message names the field and the reason (missing field, wrong type, bad format)',
  ],
  [40006, 'fixToken', 'API version does not fit the parameters or product used'],
  [40007, 'fixRequest', 'The referenced object or operation does not exist'],
  [40008, 'fixToken', 'Endpoint not implemented (also: endpoint not available in sandbox)'],
  [40009, 'fixRequest', 'Parameter or method not available in sandbox'],
  [40010, 'fixToken', 'Host/domain of the request is not served by this API version'],
  [40011, 'fixRequest', 'Too many ids in one request'],
  [40013, 'fixRequest', 'Sandbox account does not exist'],
  [40014, 'fixRequest', 'Feature or endpoint not available in sandbox'],
  [40016, 'throttle', 'Throttled: endpoint limit of the developer app reached'],
  [
    40050,
    'unknown',
    'Server judged the request a duplicate of a recent one. Key and window are not published; not a client-controlled idempotency feature',
  ],
  [40051, 'fixToken', 'API version segment is not valid'],
  [40052, 'fixRequest', 'Automated-creative material already exists'],
  [40053, 'fixRequest', 'Video id not valid'],
  [40065, 'fixRequest', 'Targeting not allowed for ages 13-17 in the US'],
  [40100, 'throttle', 'Throttled: endpoint limit of the developer app reached'],
  [40101, 'fixToken', 'Authentication parameter values do not fit (secret/app id mismatch, bad auth code)'],
  [40102, 'fixToken', 'Access token expired'],
  [40103, 'fixToken', 'Refresh token expired'],
  [40104, 'fixToken', 'Access token missing (must be in the Access-Token header)'],
  [40105, 'fixToken', 'Access token wrong or revoked'],
  [40106, 'fixToken', 'Token’s core user does not fit the advertiser'],
  [40107, 'fixToken', 'Refresh token not valid (long-term Marketing API tokens have none)'],
  [40108, 'fixToken', 'Unsupported grant_type'],
  [40109, 'fixToken', 'Deciphering failed'],
  [40110, 'fixToken', 'Authorization code not valid: cancelled, used or expired'],
  [40112, 'fixToken', 'Password wrong'],
  [40113, 'fixToken', 'Developer app blocked or unknown'],
  [40115, 'fixToken', 'Authentication timestamp expired'],
  [40116, 'fixToken', 'Authentication signature not valid'],
  [40117, 'fixRequest', 'Method may not be used'],
  [
    40118,
    'fixToken',
    'App or advertiser not on the allowlist for the feature (e.g. app events through Events API 2.0)',
  ],
  [40119, 'fixToken', 'Developer and advertiser belong to different companies'],
  [40121, 'fixRequest', 'User is not a creator-marketplace creator'],
  [40122, 'fixRequest', 'Creator outside valid regions'],
  [40124, 'fixToken', 'Developer profile incomplete or not approved'],
  [40125, 'fixToken', 'Developer app lacks the permission (scope) or asks for an unsupported field'],
  [
    40132,
    'throttle',
    'Throttled or denied because of one field value, e.g. one pixel_code used in too many calls or suspected abuse of the token',
  ],
  [40133, 'throttle', 'Throttled: per-advertiser QPS on this path reached'],
  [40200, 'retry', 'Async task error'],
  [40201, 'retry', 'Async task not ready yet'],
  [40202, 'retry', 'Write/update conflict on the entity'],
  [40300, 'fixRequest', 'Advertiser unknown or deleted'],
  [40301, 'fixRequest', 'Advertiser could not be matched'],
  [40502, 'fixRequest', 'Advertiser/ad group reached the maximum number of ads'],
  [40700, 'retry', 'Internal validation error'],
  [40900, 'fixRequest', 'File signature mismatch'],
  [40901, 'retry', 'Video still transcoding'],
  [40902, 'retry', 'URL could not be fetched'],
  [40903, 'retry', 'Image URL unavailable'],
  [40904, 'fixRequest', 'Image content/format not allowed'],
  [40905, 'fixRequest', 'File does not exist'],
  [40906, 'fixRequest', 'File empty'],
  [40907, 'fixRequest', 'File too large'],
  [40908, 'fixRequest', 'File type unsupported'],
  [40909, 'fixRequest', 'Signature type unsupported'],
  [40910, 'fixRequest', 'File expired'],
  [40911, 'fixRequest', 'Material name already used'],
  [40912, 'fixRequest', 'Image URL unavailable'],
  [40913, 'retry', 'Image could not be fetched'],
  [40914, 'fixRequest', 'File not valid'],
  [40915, 'fixRequest', 'File does not meet specifications'],
  [41000, 'fixToken', 'Client IP is in a banned country'],
  [41001, 'fixToken', 'Endpoint is offline'],
  [41002, 'fixRequest', 'Fields given are no longer in use'],
  [50000, 'retry', 'System error on TikTok’s side'],
  [50002, 'retry', 'Error while TikTok processed the request; message has details'],
  [51305, 'retry', 'Satellite (dependent) service error'],
  [60001, 'retry', 'System under maintenance'],
];

export const RETURN_CODES: ReadonlyMap<number, ReturnCode> = new Map(
  TABLE.map(([code, kind, meaning]) => [code, { code, class: kind, meaning }]),
);

/** A code that is not in the table is judged by its range: 4xxxx is our fault, 5xxxx and 6xxxx are TikTok's. */
export function classOf(code: number): CodeClass {
  const known = RETURN_CODES.get(code);
  if (known) return known.class;
  if (code >= 50_000 && code < 70_000) return 'retry';
  if (code >= 40_000 && code < 50_000) return 'fixRequest';
  return 'unknown';
}

export function meaningOf(code: number): string {
  return RETURN_CODES.get(code)?.meaning ?? 'A code that TikTok has not published';
}
