/** 128 random bits in hex. */
export function randomId(): string {
  return hex(crypto.getRandomValues(new Uint8Array(16)));
}

export function hex(bytes: ArrayBuffer | Uint8Array): string {
  return [...new Uint8Array(bytes)].map((byte) => (256 + byte).toString(16).slice(1)).join('');
}
