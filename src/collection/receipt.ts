import { createHmac, timingSafeEqual } from 'node:crypto';

/** A receipt names the records of one request. It can't be guessed: it carries a part of an HMAC. */
export function receiptOf(secret: string, first: number, count: number): string {
  const range = `${first.toString(36)}-${count.toString(36)}`;
  return `r_${range}-${mac(secret, range)}`;
}

/** First sequence and number of records; undefined for a receipt that we did not give. */
export function readReceipt(secret: string, receipt: string): { first: number; count: number } | undefined {
  const match = /^r_([a-z\d]{1,11})-([a-z\d]{1,4})-([\w-]{22})$/.exec(receipt);
  if (!match?.[1] || !match[2] || !match[3]) return undefined;
  const ours = Buffer.from(mac(secret, `${match[1]}-${match[2]}`));
  if (!timingSafeEqual(ours, Buffer.from(match[3]))) return undefined;
  return { first: Number.parseInt(match[1], 36), count: Number.parseInt(match[2], 36) };
}

function mac(secret: string, text: string): string {
  return createHmac('sha256', secret).update(`receipt ${text}`).digest('base64url').slice(0, 22);
}
