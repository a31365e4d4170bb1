import type { Chance } from './random.ts';

export interface Person {
  name: string;
  email: string;
  /** E.164, from the numbers that Germany keeps free for films */
  phone: string;
}

const FIRST = [
  'Ada',
  'Jonas',
  'Mira',
  'Theo',
  'Lena',
  'Emil',
  'Noor',
  'Paula',
  'Samir',
  'Ida',
  'Luca',
  'Greta',
] as const;
const LAST = ['Albrecht', 'Brandt', 'Castel', 'Dorn', 'Ebert', 'Falk', 'Grimm', 'Hagen', 'Ibsen', 'Jansen'] as const;
const MAIL = ['example.com', 'example.org', 'example.net'] as const;

export function person(chance: Chance): Person {
  const first = chance.pick(FIRST);
  const last = chance.pick(LAST);
  const number = chance.between(0, 999);
  return {
    name: `${first} ${last}`,
    email: `${first}.${last}${number}@${chance.pick(MAIL)}`.toLowerCase(),
    phone: `+493023125${String(number).padStart(3, '0')}`,
  };
}

const PHONE_IOS =
  'Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 Mobile/15E148 Safari/604.1';
const PHONE_ANDROID =
  'Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Mobile Safari/537.36';
const IN_APP =
  'Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148 musical_ly_41.3.0 BytedanceWebview/d8a21c6';
const DESKTOP = 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36';
const ROBOT =
  'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/141.0.0.0 Safari/537.36';

/** Ad clicks come mostly from within the app. */
export function userAgent(chance: Chance, fromAd: boolean): string {
  return fromAd
    ? chance.pick([IN_APP, IN_APP, PHONE_IOS, PHONE_ANDROID, PHONE_ANDROID, DESKTOP])
    : chance.pick([DESKTOP, DESKTOP, PHONE_IOS, PHONE_ANDROID]);
}

export const ROBOT_USER_AGENT = ROBOT;
