import { readFileSync, statSync } from 'node:fs';
import type { Destination } from '../spec/spec.ts';
import { type Reply, read } from '../tiktok/answer.ts';
import { isTokenFault } from '../tiktok/token-codes.ts';

type Env = Readonly<Record<string, string | undefined>>;

/** A file is looked at again after this. */
const FILE_LOOK_MS = 1000;
const FILE_BYTES_MAX = 10_000;
/** While one token replaces another, two are live. */
const TOKENS_MAX = 2;
/** What a header can carry; anything else would fail each request for another reason. */
const TOKEN = /^[\x21-\x7e]{1,500}$/;

export interface TokensRead {
  tokens: string[];
  /** what keeps tokens from being read, for a person; it holds no token */
  problem?: string;
}

/**
 * The tokens of a destination, at most two: `env:NAME` is read from the variable NAME, separated by commas, or from the
 * file that NAME_FILE names, one a line.
 */
export function readTokens({ token }: Pick<Destination, 'token'>, env: Env): TokensRead {
  const name = nameOf(token);
  const path = env[`${name}_FILE`]?.trim();
  const written = (env[name] ?? '').split(',');
  let problem: string | undefined;
  if (path) {
    try {
      if (statSync(path).size > FILE_BYTES_MAX) throw new Error('it is too large for a token');
      written.push(...readFileSync(path, 'utf8').split('\n'));
    } catch (error) {
      const why = error instanceof Error && 'code' in error ? String(error.code) : 'it is too large for a token';
      problem = `${name}_FILE names a file that can't be read (${why})`;
    }
  }
  const found = [...new Set(written.map((text) => text.trim()).filter((text) => text !== ''))];
  const tokens = found.filter((text) => TOKEN.test(text)).slice(0, TOKENS_MAX);
  if (tokens.length === 0 && found.length > 0)
    problem = `${name} holds no token: it has spaces or letters no token has`;
  return { tokens, ...(problem === undefined ? {} : { problem }) };
}

export function nameOf(token: string): string {
  return token.replace(/^env:/, '');
}

export interface Tokens {
  /** Sends with a live token, and at once with the other one where TikTok does not take the first. */
  post(target: Destination, send: (token: string | undefined) => Promise<Reply>): Promise<Reply>;
  /** another text whenever the source of the destination's tokens has changed; no token is in it */
  mark(target: Pick<Destination, 'token'>): string;
}

/** Reads each destination's tokens, again when their file has changed, and remembers which of them TikTok refuses. */
export function openTokens(env: Env, clock: () => number = () => performance.now()): Tokens {
  const sources = new Map<string, { lookedAt: number; mark: string; tokens: string[] }>();
  /** by destination, as of its source's mark: tokens that TikTok does not take from it */
  const aside = new Map<string, { mark: string; tokens: Set<string> }>();

  function sourceOf(target: Pick<Destination, 'token'>): { mark: string; tokens: string[] } {
    const known = sources.get(target.token);
    const now = clock();
    if (known && now - known.lookedAt < FILE_LOOK_MS) return known;
    const mark = fileMark(target, env);
    const source = {
      lookedAt: now,
      mark,
      tokens: known?.mark === mark ? known.tokens : readTokens(target, env).tokens,
    };
    sources.set(target.token, source);
    return source;
  }

  function asideOf(id: string, mark: string): Set<string> {
    const known = aside.get(id);
    if (known?.mark === mark) return known.tokens;
    const tokens = new Set<string>();
    aside.set(id, { mark, tokens });
    return tokens;
  }

  return {
    async post(target, send) {
      const { tokens, mark } = sourceOf(target);
      const refused = asideOf(target.id, mark);
      const live = tokens.filter((token) => !refused.has(token));
      let reply: Reply | undefined;
      for (const token of live.length > 0 ? live : tokens) {
        reply = await send(token);
        const [reading] = read(reply, ['']);
        if (!reading || !isTokenFault(reading)) {
          refused.delete(token);
          return reply;
        }
        refused.add(token);
      }
      return reply ?? send(undefined);
    },
    mark: (target) => sourceOf(target).mark,
  };
}

/** What changes with the file: its time, size and number, as a secret store replaces it. */
function fileMark({ token }: Pick<Destination, 'token'>, env: Env): string {
  const path = env[`${nameOf(token)}_FILE`]?.trim();
  if (!path) return '';
  try {
    const { mtimeMs, size, ino } = statSync(path);
    return `${mtimeMs} ${size} ${ino}`;
  } catch {
    return 'unreadable';
  }
}
