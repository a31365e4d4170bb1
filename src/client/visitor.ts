import { isIP } from 'node:net';

/** What a request says about the visitor: spread it into an order, an event or a lead. */
export interface VisitorFacts {
  visitor?: string;
  session?: string;
  user: { ip?: string; user_agent?: string; ttclid?: string; ttp?: string };
  page: { url?: string; referrer?: string };
}

type NodeHeaders = Readonly<Record<string, string | readonly string[] | undefined>>;

/** A request of node:http (and so of Express, Fastify, Koa), or of the web. */
export interface VisitorRequest {
  method?: string | undefined;
  url?: string | undefined;
  headers: NodeHeaders | { get(name: string): string | null };
  socket?: { remoteAddress?: string | undefined; encrypted?: boolean } | null;
}

export interface VisitorOptions {
  /** your site, such as https://shop.example: needed where a proxy ends TLS or changes the host's name */
  origin?: string;
  /** how many of your own proxies add to X-Forwarded-For; without it that header is not believed */
  proxies?: number;
  /** the visitor's address, where the request does not know it (a web Request does not) */
  ip?: string;
}

const TEXT_MAX = 1024;
const URL_MAX = 8192;
const COOKIE = /^([\w-]{1,128})\.([\w-]{1,128})$/;

/** Reads visitor, session, click id, address and page from the visitor's own request. */
export function visitorOf(request: VisitorRequest, options: VisitorOptions = {}): VisitorFacts {
  const header = headerReader(request.headers);
  const cookie = cookieReader(header('cookie') ?? '');
  const own = addressOf(request, options, header);
  const referrer = short(header('referer'), URL_MAX);
  // A form or a script posts to an address that the visitor never sees: the page is where it was sent from.
  const page = /^(?:GET|HEAD)$/i.test(request.method ?? 'GET') ? own : (referrer ?? own);
  const [, visitor, session] = COOKIE.exec(cookie('_assay') ?? '') ?? [];
  const ip = peerOf(request, options, header('x-forwarded-for'));
  const userAgent = short(header('user-agent'), TEXT_MAX);
  const ttclid = parameter(own, 'ttclid') ?? parameter(sameHost(referrer, own), 'ttclid') ?? cookie('ttclid');
  const ttp = cookie('_ttp');
  return {
    ...(visitor === undefined ? {} : { visitor }),
    ...(session === undefined ? {} : { session }),
    user: {
      ...(ip === undefined ? {} : { ip }),
      ...(userAgent === undefined ? {} : { user_agent: userAgent }),
      ...(ttclid === undefined ? {} : { ttclid }),
      ...(ttp === undefined ? {} : { ttp }),
    },
    page: {
      ...(page === undefined ? {} : { url: page }),
      ...(referrer === undefined || referrer === page ? {} : { referrer }),
    },
  };
}

type Header = (name: string) => string | undefined;

function headerReader(headers: VisitorRequest['headers']): Header {
  const { get } = headers;
  if (typeof get === 'function') return (name) => get.call(headers, name) ?? undefined;
  return (name) => {
    const value = (headers as NodeHeaders)[name];
    return typeof value === 'object' ? value.join(', ') : value;
  };
}

function cookieReader(text: string): Header {
  const pairs = text.split(';').map((pair) => {
    const at = pair.indexOf('=');
    return [pair.slice(0, at).trim(), pair.slice(at + 1).trim()] as const;
  });
  return (name) => short(pairs.find(([own]) => own === name)?.[1], TEXT_MAX);
}

/** The address of the request as the visitor's browser shows it. */
function addressOf(request: VisitorRequest, options: VisitorOptions, header: Header): string | undefined {
  const host = header('host');
  const scheme = request.socket?.encrypted ? 'https' : 'http';
  const base = options.origin ?? (host === undefined ? undefined : `${scheme}://${host}`);
  const told = request.url ?? '/';
  const whole = URL.canParse(told) ? new URL(told) : undefined;
  if (whole && options.origin === undefined) return short(whole.href, URL_MAX);
  const path = whole ? whole.pathname + whole.search : told;
  if (base === undefined || !URL.canParse(base)) return undefined;
  // Joined as text: a path that starts with two slashes would otherwise name another host.
  const joined = new URL(base).origin + (path.startsWith('/') ? path : `/${path}`);
  return URL.canParse(joined) ? short(new URL(joined).href, URL_MAX) : undefined;
}

/** Each proxy adds the address it was called from at the end, so the visitor's is as far from it as there are proxies. */
function peerOf(request: VisitorRequest, options: VisitorOptions, forwarded: string | undefined): string | undefined {
  const { proxies = 0 } = options;
  const chain = (forwarded ?? '').split(',').map((part) => part.trim());
  const told = proxies > 0 ? chain[Math.max(0, chain.length - proxies)] : undefined;
  const ip = [options.ip, told, request.socket?.remoteAddress].find((text) => text !== undefined && text !== '');
  const plain = ip?.replace(/^::ffff:(?=\d+\.)/i, '');
  return plain !== undefined && isIP(plain) !== 0 ? plain : undefined;
}

function sameHost(url: string | undefined, own: string | undefined): string | undefined {
  if (url === undefined || own === undefined || !URL.canParse(url)) return undefined;
  return new URL(url).host === new URL(own).host ? url : undefined;
}

function parameter(url: string | undefined, name: string): string | undefined {
  return url === undefined || !URL.canParse(url) ? undefined : short(new URL(url).searchParams.get(name), TEXT_MAX);
}

/** Too long for what it should be: left out rather than cut, since half an id is a wrong id. */
function short(text: string | null | undefined, max: number): string | undefined {
  return text === null || text === undefined || text === '' || text.length > max ? undefined : text;
}
