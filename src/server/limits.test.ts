import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { Buckets, networkOf, openLimits } from './limits.ts';

test('a burst is let through at once, and then so many a second', () => {
  const buckets = new Buckets({ aSecond: 2, burst: 3 }, 10);
  const asked = [0, 0, 0, 0, 400, 500, 600, 1000, 9000, 9000, 9000, 9000].map((at) => buckets.take('a', at));
  assert.deepEqual(asked, [0, 0, 0, 1, 1, 0, 1, 0, 0, 0, 0, 1]);
});

test('the wait is the seconds until the next request is let through, and asking early costs nothing', () => {
  const buckets = new Buckets({ aSecond: 1, burst: 1 }, 10);
  assert.equal(buckets.take('a', 0), 0);
  for (let n = 0; n < 20; n++) assert.equal(buckets.take('a', 10), 1);
  assert.equal(buckets.take('a', 1000), 0);
});

test('nobody gets more than the burst and the rate, however they ask', () => {
  const rate = { aSecond: 3, burst: 7 };
  fc.assert(
    fc.property(fc.array(fc.nat(700), { maxLength: 200 }), (gaps) => {
      const buckets = new Buckets(rate, 10);
      let now = 0;
      let through = 0;
      for (const gap of gaps) {
        now += gap;
        if (buckets.take('a', now) === 0) through += 1;
      }
      assert.ok(through <= rate.burst + (now / 1000) * rate.aSecond + 1e-9);
    }),
  );
});

test('a clock that is set back neither gives tokens nor locks anybody out', () => {
  const buckets = new Buckets({ aSecond: 1, burst: 2 }, 10);
  assert.deepEqual([buckets.take('a', 100_000), buckets.take('a', 100_000), buckets.take('a', 5_000)], [0, 0, 1]);
  assert.equal(buckets.take('a', 6_000), 0);
});

test('senders do not share a bucket, and beyond the ceiling the oldest is forgotten', () => {
  const buckets = new Buckets({ aSecond: 1, burst: 1 }, 2);
  assert.deepEqual(
    [buckets.take('a', 0), buckets.take('b', 0), buckets.take('a', 0), buckets.take('b', 0)],
    [0, 0, 1, 1],
  );
  assert.equal(buckets.take('c', 0), 0);
  assert.deepEqual([buckets.take('b', 0), buckets.take('a', 0)], [1, 0]);
});

const table = `
  # address                       network
  203.0.113.7                     203.0.113.7
  2001:db8:1:2:3:4:5:6            2001:db8:1:2::/64
  2001:db8:1:2::                  2001:db8:1:2::/64
  2001:0DB8:0001:0002::9          2001:db8:1:2::/64
  2001:db8::1                     2001:db8:0:0::/64
  2001:db8::7:3:4:5:6             2001:db8:0:7::/64
  ::1                             0:0:0:0::/64
  ::                              0:0:0:0::/64
  fe80::1%eth0                    fe80:0:0:0::/64
  64:ff9b::198.51.100.7           64:ff9b:0:0::/64
`;
for (const row of table.trim().split('\n').slice(1)) {
  const [address = '', network] = row.trim().split(/ +/);
  test(`${address} counts as ${network}`, () => assert.equal(networkOf(address), network));
}

test('neighbours in one /64 share its burst, and the next /64 has its own', () => {
  const limits = openLimits({ rateAddress: { aSecond: 1, burst: 2 }, rateKey: null, now: () => 0 });
  const asked = ['2001:db8:1:2::1', '2001:db8:1:2::2', '2001:db8:1:2:9::3', '2001:db8:1:3::1'];
  assert.deepEqual(asked.map(limits.address), [0, 0, 1, 0]);
});

test('a limit that is off lets everything through', () => {
  const limits = openLimits({ rateAddress: null, rateKey: null, now: () => 0 });
  for (let n = 0; n < 5000; n++) assert.equal(limits.address('203.0.113.7') + limits.key('key-1'), 0);
});

test('an address with wrong keys is barred when it goes on too fast, alone, and for as long as it was', () => {
  let now = 0;
  const limits = openLimits({ rateAddress: null, rateKey: null, now: () => now });
  assert.equal(limits.suspects(), false);
  for (let n = 0; n < 30; n++) {
    assert.equal(limits.barred('203.0.113.7'), 0);
    limits.wrongKey('203.0.113.7');
  }
  assert.deepEqual([limits.suspects(), limits.barred('203.0.113.7'), limits.barred('203.0.113.8')], [true, 1, 0]);
  now = 1_000;
  assert.equal(limits.barred('203.0.113.7'), 0);
  limits.wrongKey('203.0.113.7');
  assert.equal(limits.barred('203.0.113.7'), 1);
  now = 31_000;
  assert.deepEqual([limits.suspects(), limits.barred('203.0.113.7')], [false, 0]);
});

test('one wrong key every second is never barred', () => {
  let now = 0;
  const limits = openLimits({ rateAddress: null, rateKey: null, now: () => now });
  for (; now < 600_000; now += 1000) {
    limits.wrongKey('203.0.113.7');
    assert.equal(limits.barred('203.0.113.7'), 0);
  }
});
