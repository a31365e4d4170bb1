import { parseArgs } from 'node:util';

const PARTS = ['acked', 'known', 'committed', 'latency', 'guard', 'building', 'sending', 'attribution'] as const;
export type Part = (typeof PARTS)[number];

/** How long everything takes. */
export interface Plan {
  repeats: number;
  warmSeconds: number;
  /** one window of acknowledged events */
  windowSeconds: number;
  /** one step of the search for the committed rate, and each window that confirms it */
  stepSeconds: number;
  confirmSeconds: number;
  latencySeconds: number;
  /** ids that the stores know already */
  knownIds: number;
  guardIds: number;
  buildingRounds: number;
  /** windows of each sender */
  sendRepeats: number;
  sendWarmSeconds: number;
  sendSeconds: number;
  /** events that wait in a store; a tenth of it where each has a request of its own */
  sendBacklog: number;
  attribution: {
    /** of the size that goals are about */
    touches: number;
    conversions: number;
    /** touches of all sizes */
    scale: readonly number[];
    rounds: number;
    /** hours of news that are taken in one after the other, and how often each report is asked for */
    hours: number;
    looks: number;
    /** how often the page is opened */
    opens: number;
  };
}

/** Three windows of 20 seconds are the minute in which the usual design has to copy its log, too. */
export const FULL: Plan = {
  repeats: 3,
  warmSeconds: 2,
  windowSeconds: 20,
  stepSeconds: 8,
  confirmSeconds: 20,
  latencySeconds: 20,
  knownIds: 5_000_000,
  guardIds: 10_000_000,
  buildingRounds: 15,
  sendRepeats: 5,
  sendWarmSeconds: 2,
  sendSeconds: 5,
  sendBacklog: 200_000,
  attribution: {
    ...{ touches: 20_000_000, conversions: 1_000_000, rounds: 3, hours: 24, looks: 40, opens: 5 },
    scale: [5_000_000, 10_000_000, 20_000_000, 40_000_000, 100_000_000],
  },
};

/** Whether everything works, not how fast it is. */
export const QUICK: Plan = {
  repeats: 1,
  warmSeconds: 0.5,
  windowSeconds: 1,
  stepSeconds: 1,
  confirmSeconds: 2,
  latencySeconds: 2,
  knownIds: 200_000,
  guardIds: 1_000_000,
  buildingRounds: 5,
  sendRepeats: 1,
  sendWarmSeconds: 0.5,
  sendSeconds: 1,
  sendBacklog: 10_000,
  attribution: {
    touches: 200_000,
    conversions: 10_000,
    rounds: 1,
    hours: 3,
    looks: 3,
    opens: 1,
    scale: [50_000, 100_000, 200_000],
  },
};

export interface Options {
  parts: ReadonlySet<Part>;
  plan: Plan;
  quick: boolean;
  json: boolean;
  help: boolean;
  writeDocs: boolean;
  /** where the filled stores stay for the next run */
  keep?: string;
}

export const USAGE = `Usage: npm run bench -- [options]

  --quick          short windows and 200,000 known ids: whether it works, not how fast it is
  --only a,b       only these parts: ${PARTS.join(', ')}
  --keep DIR       keep the filled stores in DIR and take them from there, if they are younger than a day
  --json           the result as JSON on stdout instead of the table
  --write-docs     put the figures and graphs of a whole run, or of --only sending or attribution, into docs/
`;

/** Reads the command line; throws a sentence that says what is wrong. */
export function readOptions(args: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...args],
    options: {
      quick: { type: 'boolean', default: false },
      only: { type: 'string' },
      keep: { type: 'string' },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
      'write-docs': { type: 'boolean', default: false },
    },
  });
  const parts = new Set<Part>(values.only === undefined ? PARTS : values.only.split(',').map(partOf));
  // These have figures of their own on the page: they share no load with the doors.
  const isAlone = parts.size === 1 && (parts.has('sending') || parts.has('attribution'));
  if (values['write-docs'] && values.only !== undefined && !isAlone)
    throw new Error(
      '--write-docs takes the figures of one whole run: leave out --only, or take --only sending or --only attribution.',
    );
  return {
    parts,
    plan: values.quick ? QUICK : FULL,
    quick: values.quick,
    json: values.json,
    help: values.help,
    writeDocs: values['write-docs'],
    ...(values.keep === undefined ? {} : { keep: values.keep }),
  };
}

function partOf(name: string): Part {
  const part = PARTS.find((known) => known === name.trim());
  if (!part) throw new Error(`--only: there is no part ${JSON.stringify(name)}. Take some of ${PARTS.join(', ')}.`);
  return part;
}
