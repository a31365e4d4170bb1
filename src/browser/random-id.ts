/** 128 random bits in hex. */
export function randomId(): string {
  return hex(crypto.getRandomValues(new Uint8Array(16)).buffer);
}

export function hex(bytes: ArrayBuffer): string {
  return Array.from(new Uint8Array(bytes), (byte) => (256 + byte).toString(16).slice(1)).join('');
}
