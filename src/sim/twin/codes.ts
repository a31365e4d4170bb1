// Wording as observed by integrators where a body was published, our own elsewhere.
const MESSAGES: Readonly<Record<number, string>> = {
  0: 'OK',
  20001: 'Partial success',
  40001: 'No permission to operate this object.',
  40016: 'Too many requests. Please retry in some time.',
  40050: 'Duplicated request.',
  40100: 'Too many requests. Please retry in some time.',
  40102: 'Access token has expired',
  40104: 'Access token is null, you should set it in http header with key Access-Token.',
  40105: 'Access token is incorrect or has been revoked',
  40132: "The request QPS is limited by pixel_code's value.",
  40133: 'The request QPS limit of this advertiser is reached for current path, request is temporarily restricted.',
  50000: 'System error',
  50002: 'Error while processing the request',
  60001: 'System under maintenance',
};

/** The usual message of a return code. */
export function messageOf(code: number): string {
  return MESSAGES[code] ?? `Error ${code}`;
}

export function noPermission(sourceId: string): string {
  return `No permission to operate pixel code: ${sourceId}. You must be an admin or operator of this advertiser account.`;
}
