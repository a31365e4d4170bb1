import assert from 'node:assert/strict';
import type { IncomingMessage } from 'node:http';
import { test } from 'node:test';
import { addressOf, trustedList } from './address.ts';

const PROXIES = ['10.0.0.0/8', '192.0.2.7', '2001:db8:1::/48'];

const table = `
  # trusted  peer               X-Forwarded-For                          address
  none       198.51.100.9       -                                        198.51.100.9
  none       198.51.100.9       203.0.113.5                              198.51.100.9
  none       10.0.0.1           203.0.113.5                              10.0.0.1
  none       ::ffff:10.0.0.1    -                                        10.0.0.1
  some       198.51.100.9       203.0.113.5                              198.51.100.9
  some       10.0.0.1           -                                        10.0.0.1
  some       10.0.0.1           203.0.113.5                              203.0.113.5
  some       ::ffff:10.0.0.1    203.0.113.5                              203.0.113.5
  some       10.0.0.1           ::ffff:203.0.113.5                       203.0.113.5
  some       10.0.0.1           1.2.3.4,203.0.113.5                      203.0.113.5
  some       10.0.0.1           1.2.3.4,203.0.113.5,10.9.9.9             203.0.113.5
  some       10.0.0.1           203.0.113.5,192.0.2.7,10.9.9.9           203.0.113.5
  some       10.0.0.1           10.1.1.1,10.2.2.2                        10.1.1.1
  some       10.0.0.1           unknown                                  10.0.0.1
  some       10.0.0.1           unknown,10.9.9.9                         10.9.9.9
  some       10.0.0.1           203.0.113.5,unknown                      10.0.0.1
  some       10.0.0.1           203.0.113.5:1234                         10.0.0.1
  some       2001:db8:1::9      2001:db8:2::5                            2001:db8:2::5
  some       2001:db8:1::9      203.0.113.5                              203.0.113.5
  some       192.0.2.8          203.0.113.5                              192.0.2.8
`;

for (const row of table.trim().split('\n').slice(1)) {
  const [trusted, peer, forwarded, address] = row.trim().split(/\s+/);
  test(`${peer} with X-Forwarded-For ${forwarded}, ${trusted} trusted, is ${address}`, () => {
    const headers = forwarded === '-' ? {} : { 'x-forwarded-for': forwarded?.replaceAll(',', ', ') };
    const request = { headers, socket: { remoteAddress: peer } } as unknown as IncomingMessage;
    assert.equal(addressOf(request, trustedList(trusted === 'none' ? [] : PROXIES)), address);
  });
}

test('a request without a peer has no address', () => {
  const request = { headers: { 'x-forwarded-for': '203.0.113.5' }, socket: {} } as unknown as IncomingMessage;
  assert.equal(addressOf(request, trustedList(PROXIES)), '');
});
