import { type CountryCode, isSupportedCountry, Metadata } from 'libphonenumber-js/max';

/**
 * The E.164 number of a text that is `+` and the digits of one, grouped with spaces or dashes if at all, and that the
 * pattern of its country's mobile or fixed lines takes. The library's parser comes to the same number then, at ten
 * times the cost. Undefined says nothing: the parser decides.
 */
export function plainE164(text: string): string | undefined {
  if (!/^\+[1-9](?:[ -]?\d){7,14}$/.test(text)) return undefined;
  const digits = text.replace(/[^\d]/g, '');
  for (let length = 1; length <= CALLING_CODE_DIGITS_MAX; length++) {
    const callingCode = digits.slice(0, length);
    const plan = planOf(callingCode);
    if (!plan) continue;
    const national = digits.slice(length);
    // The library may take the code for written twice.
    if (national.startsWith(callingCode)) return undefined;
    return plan.prefix?.test(national) !== true && plan.number.test(national) ? `+${digits}` : undefined;
  }
  return undefined;
}

interface Plan {
  /** what people dial before a national number: it is cut off, so the number is not the text */
  prefix: RegExp | undefined;
  number: RegExp;
}

const CALLING_CODE_DIGITS_MAX = 3;
const plans = new Map<string, Plan | undefined>();

/** The plan of the country whose rules the library reads a calling code by; others may share the code. */
function planOf(callingCode: string): Plan | undefined {
  if (!plans.has(callingCode)) {
    const [main] = (new Metadata() as unknown as LibraryCodes).getCountryCodesForCallingCode(callingCode) ?? [];
    plans.set(callingCode, main && isSupportedCountry(main) ? read(main) : undefined);
  }
  return plans.get(callingCode);
}

/** Countries of a calling code, the main one first; its types do not tell. */
interface LibraryCodes {
  getCountryCodesForCallingCode(callingCode: string): string[] | undefined;
}

/** What the library keeps of a country; its types do not tell. */
interface LibraryPlan {
  nationalPrefixForParsing(): string | undefined;
  type(name: 'MOBILE' | 'FIXED_LINE'): { pattern(): string; possibleLengths(): number[] } | undefined;
}

function read(country: CountryCode): Plan | undefined {
  const metadata = new Metadata();
  metadata.selectNumberingPlan(country);
  const plan = metadata.numberingPlan as unknown as LibraryPlan;
  const patterns = (['MOBILE', 'FIXED_LINE'] as const).flatMap((name) => {
    const type = plan.type(name);
    const lengths = type?.possibleLengths() ?? [];
    return type && lengths.length > 0
      ? [`(?=(?:${lengths.map((n) => `\\d{${n}}`).join('|')})$)(?:${type.pattern()})`]
      : [];
  });
  const prefix = plan.nationalPrefixForParsing();
  return patterns.length === 0
    ? undefined
    : { prefix: prefix ? new RegExp(`^(?:${prefix})`) : undefined, number: new RegExp(`^(?:${patterns.join('|')})$`) };
}
