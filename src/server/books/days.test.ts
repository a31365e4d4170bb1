import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DAY } from '../../event/time.ts';
import { dayStart } from './days.ts';

const table = `
  # day        zone                begins
  2026-11-22   UTC                 2026-11-22T00:00:00Z
  2026-11-22   Europe/Berlin       2026-11-21T23:00:00Z
  2026-07-01   Europe/Berlin       2026-06-30T22:00:00Z
  2026-03-29   Europe/Berlin       2026-03-28T23:00:00Z
  2026-03-30   Europe/Berlin       2026-03-29T22:00:00Z
  2026-10-26   Europe/Berlin       2026-10-25T23:00:00Z
  2026-01-01   Pacific/Kiritimati  2025-12-31T10:00:00Z
  2026-01-01   Etc/GMT+12          2026-01-01T12:00:00Z
  2026-01-01   Asia/Kathmandu      2025-12-31T18:15:00Z
  2018-11-04   America/Sao_Paulo   2018-11-04T03:00:00Z
  2011-12-30   Pacific/Apia        2011-12-30T10:00:00Z
  2011-12-31   Pacific/Apia        2011-12-30T10:00:00Z
  2024-02-29   UTC                 2024-02-29T00:00:00Z
  2026-02-29   UTC                 -
  2026-13-01   UTC                 -
  2026-00-10   UTC                 -
  26-01-01     UTC                 -
  2026-1-1     UTC                 -
  0000-01-01   UTC                 -
  tomorrow     UTC                 -
`;

for (const line of table.split('\n')) {
  const [day = '#', zone = '', begins = ''] = line.trim().split(/\s+/);
  if (day === '' || day === '#') continue;
  test(`${day} in ${zone} begins at ${begins}`, () => {
    assert.equal(dayStart(day, zone), begins === '-' ? undefined : Date.parse(begins));
  });
}

test('days follow each other without a gap, at changes of the clock too', () => {
  for (const zone of ['Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe', 'Africa/Cairo'])
    for (let n = 0; n < 400; n += 7) {
      const day = new Date(Date.UTC(2025, 10, 1) + n * DAY).toISOString().slice(0, 10);
      const next = new Date(Date.UTC(2025, 10, 2) + n * DAY).toISOString().slice(0, 10);
      assert.equal(dayStart(day, zone, 1), dayStart(next, zone), `${day} ${zone}`);
    }
});
