const COOKIES_MAX = 50;

/** The Cookie header's pairs; values that do not decode are left out. */
export function readCookies(header: string): Map<string, string> {
  const cookies = new Map<string, string>();
  for (const pair of header.split(';', COOKIES_MAX)) {
    const at = pair.indexOf('=');
    const value = at < 0 ? undefined : decoded(pair.slice(at + 1).trim());
    if (value !== undefined) cookies.set(pair.slice(0, at).trim(), value);
  }
  return cookies;
}

/** A Set-Cookie line; `seconds` 0 deletes. Lax, so that it comes along when the bank sends the customer back. */
export function setCookie(name: string, value: string, seconds: number, httpOnly = true): string {
  return `${name}=${encodeURIComponent(value)}; Path=/; Max-Age=${seconds}; SameSite=Lax${httpOnly ? '; HttpOnly' : ''}`;
}

/** decodeURIComponent that answers undefined instead of throwing. */
export function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
