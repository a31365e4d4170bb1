/** What some orders, and as many leads, are told by. */
export function bookSamples(): { id: string; placed: number; status: string }[] {
  return rows(BOOKS, 3).map(([id = '', placed, status = '']) => ({ id, placed: Number(placed), status }));
}

/** Questions to lists of either, and the ids of the samples that each gives in its order. */
export function bookQuestions(): {
  title: string;
  asked: { status?: string; from?: number; to?: number };
  id: string | undefined;
  gives: string[];
}[] {
  return rows(ASKED, 5).map(([status = '-', id = '-', from, to, gives = '']) => ({
    title: `status ${status}, id ${id}, from ${from} to ${to} gives ${gives}`,
    asked: {
      ...(status === '-' ? {} : { status }),
      ...(from === '-' ? {} : { from: Number(from) }),
      ...(to === '-' ? {} : { to: Number(to) }),
    },
    id: id === '-' ? undefined : id,
    gives: gives === '-' ? [] : gives.split(' '),
  }));
}

const BOOKS = `
  # id        placed  status
  10045       50      paid
  10046       40      created
  10047       40      paid
  2-10045     40      refunded
  phone-1     30      orphan
  10%         20      paid
  100         10      cancelled
`;

const ASKED = `
  # status    id       from  to   gives
  -           -        -     -    10045 2-10045 10047 10046 phone-1 10% 100
  paid        -        -     -    10045 10047 10%
  orphan      -        -     -    phone-1
  lost        -        -     -    -
  -           100      -     -    10045 10047 10046 100
  -           10045    -     -    10045
  -           10%      -     -    10%
  -           1_0      -     -    -
  -           phone-1x -     -    -
  -           -        40    -    10045 2-10045 10047 10046
  -           -        -     40   phone-1 10% 100
  -           -        30    50   2-10045 10047 10046 phone-1
  -           -        50    50   -
  paid        10       20    41   10047 10%
  paid        2        -     -    -
`;

/** The rows of a text table; the last of `columns` takes the rest of its line. */
function rows(table: string, columns: number): string[][] {
  return table
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => {
      const cells = line.split(/\s+/);
      return [...cells.slice(0, columns - 1), cells.slice(columns - 1).join(' ')];
    });
}
