import { getCountries, getCountryCallingCode, Metadata } from 'libphonenumber-js/max';

/**
 * Is the text `+` and the digits of a number that its country's pattern of mobile or fixed lines takes? The library's
 * parser comes to the same number then, at ten times the cost. False says nothing: the parser decides.
 */
export function isPlainE164(text: string): boolean {
  if (!/^\+[1-9]\d{7,14}$/.test(text)) return false;
  for (let digits = 1; digits <= CALLING_CODE_DIGITS_MAX; digits++) {
    const plan = planOf(text.slice(1, 1 + digits));
    if (plan) return plan.prefix?.test(text.slice(1 + digits)) !== true && plan.number.test(text.slice(1 + digits));
  }
  return false;
}

interface Plan {
  /** what people dial before a national number: it is cut off, so the number is not the text */
  prefix: RegExp | undefined;
  number: RegExp;
}

const CALLING_CODE_DIGITS_MAX = 3;
const plans = new Map<string, Plan | undefined>();

/** The plan of a calling code that is one country's alone; several countries tell their numbers apart in other ways. */
function planOf(callingCode: string): Plan | undefined {
  if (!plans.has(callingCode)) {
    const [country, other] = getCountries().filter((candidate) => getCountryCallingCode(candidate) === callingCode);
    plans.set(callingCode, country && !other ? read(country) : undefined);
  }
  return plans.get(callingCode);
}

/** What the library keeps of a country; its types do not tell. */
interface LibraryPlan {
  nationalPrefixForParsing(): string | undefined;
  type(name: 'MOBILE' | 'FIXED_LINE'): { pattern(): string; possibleLengths(): number[] } | undefined;
}

function read(country: ReturnType<typeof getCountries>[number]): Plan | undefined {
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
