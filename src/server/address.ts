import type { IncomingMessage } from 'node:http';
import { BlockList, isIP } from 'node:net';

/** The visitor's address: the peer, or, behind trusted proxies, the last hop that is none of them. */
export function addressOf(request: Pick<IncomingMessage, 'headers' | 'socket'>, trusted: BlockList): string {
  const peer = plainIp(request.socket.remoteAddress ?? '');
  if (!isTrusted(peer, trusted)) return peer;
  const forwarded = [request.headers['x-forwarded-for'] ?? []].flat().join(',').split(',');
  let address = peer;
  for (const hop of forwarded.reverse()) {
    const ip = plainIp(hop.trim());
    if (isIP(ip) === 0) return address;
    address = ip;
    if (!isTrusted(ip, trusted)) return ip;
  }
  return address;
}

export function trustedList(entries: readonly string[]): BlockList {
  const list = new BlockList();
  for (const entry of entries) {
    const [address = '', bits] = entry.split('/');
    const family = isIP(address) === 6 ? 'ipv6' : 'ipv4';
    if (bits === undefined) list.addAddress(address, family);
    else list.addSubnet(address, Number(bits), family);
  }
  return list;
}

function isTrusted(ip: string, trusted: BlockList): boolean {
  const family = isIP(ip);
  return family !== 0 && trusted.check(ip, family === 6 ? 'ipv6' : 'ipv4');
}

/** IPv4 in an IPv6 socket is written as IPv4. */
function plainIp(text: string): string {
  return text.startsWith('::ffff:') && isIP(text.slice(7)) === 4 ? text.slice(7) : text;
}
