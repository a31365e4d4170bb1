import { createHash, randomBytes } from 'node:crypto';

/** 128 random bits: who holds them may ask for one order's handout. */
export function newCapability(): string {
  return randomBytes(16).toString('base64url');
}

/** What is written down of a capability: its SHA-256. */
export function capabilityOf(capability: string): string {
  return createHash('sha256').update(capability).digest('hex');
}
