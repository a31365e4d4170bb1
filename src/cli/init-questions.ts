import { parseSpec } from '../spec/parse.ts';
import { specText } from './init-files.ts';

/** What a tracking spec needs to know of a business. */
export interface Answers {
  name: string;
  id: string;
  country: string;
  currency: string;
  timezone: string;
  origin: string;
  pixel: string;
  consent: string;
  confirm: string;
}

/** What `--yes` writes, since nobody can guess a pixel. */
export const PIXEL_TO_REPLACE = 'YOURPIXELCODE0000000';

export interface Question {
  of: keyof Answers;
  asks: string;
  /** where the answer stands in the spec: problems there are problems of the answer */
  path: string;
  /** the answers to choose from, with what each means */
  choices?: readonly (readonly [value: string, means: string])[];
  usual(answers: Partial<Answers>): string;
}

export const QUESTIONS: readonly Question[] = [
  { of: 'name', asks: 'What is your business called?', path: 'business.name', usual: () => 'My Shop' },
  {
    of: 'id',
    asks: 'A short id of it? It begins every order’s event id, so it must never change',
    path: 'business.id',
    usual: ({ name = '' }) => slug(name),
  },
  {
    of: 'country',
    asks: 'Home country, two letters? Phone numbers without a country code are read so',
    path: 'business.country',
    usual: () => 'DE',
  },
  { of: 'currency', asks: 'Currency of your books?', path: 'business.currency', usual: () => 'EUR' },
  {
    of: 'timezone',
    asks: 'Time zone in which your days begin?',
    path: 'business.timezone',
    usual: () => Intl.DateTimeFormat().resolvedOptions().timeZone,
  },
  {
    of: 'origin',
    asks: 'Address of your site?',
    path: 'sites.origins',
    usual: () => 'https://shop.example',
  },
  {
    of: 'pixel',
    asks: 'Pixel code, from TikTok’s Events Manager?',
    path: 'destinations',
    usual: () => PIXEL_TO_REPLACE,
  },
  {
    of: 'consent',
    asks: 'Must visitors agree before anything is sent for ads?',
    path: 'consent.mode',
    choices: [
      ['required', 'yes: nothing is sent without a yes'],
      ['none', 'no: you declare that you need not ask'],
    ],
    usual: () => 'required',
  },
  {
    of: 'confirm',
    asks: 'Who confirms that an order is paid?',
    path: 'events.Purchase.confirm',
    choices: [
      ['webhook', 'the payment provider’s webhook'],
      ['server', 'my own server'],
      ['none', 'nobody: every order counts'],
    ],
    usual: () => 'webhook',
  },
];

/** The answers of somebody who only presses return. */
export function usualAnswers(given: Partial<Answers>): Answers {
  const answers = { ...given };
  for (const { of, usual } of QUESTIONS) answers[of] ??= usual(answers);
  return answers as Answers;
}

/** What is wrong with one answer: the spec check itself says it. */
export function faultOf(question: Question, answer: string): string | undefined {
  if (question.choices) {
    const known = question.choices.map(([value]) => value);
    return known.includes(answer) ? undefined : `Choose ${known.join(' or ')}.`;
  }
  const parsed = parseSpec(specText(usualAnswers({ [question.of]: answer })));
  const problem = parsed.ok ? undefined : parsed.problems.find(({ where }) => where.startsWith(question.path));
  return problem?.fix;
}

/** `Nugget & Co` → `nugget-co` */
function slug(name: string): string {
  const plain = name.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();
  const text = plain.replace(/[^a-z0-9]+/g, '-').replace(/^-+|-+$/g, '');
  return text.slice(0, 32).replace(/-+$/, '') || 'shop';
}
