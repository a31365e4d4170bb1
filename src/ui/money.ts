/** Money as the server tells it: `59.90` and `EUR`. */
export interface Money {
  amount: string;
  currency: string;
}

/** `1,259.90 EUR`, and a true minus before what is less than nothing. */
export function moneyText({ amount, currency }: Money): string {
  return `${amountText(amount)} ${currency}`;
}

/** `59.90 EUR` in its parts; undefined for what is no money. */
export function readMoney(text: string): Money | undefined {
  const [, amount, currency] = /^(-?\d+(?:\.\d+)?) ([A-Z]{3})$/.exec(text) ?? [];
  return amount === undefined || currency === undefined ? undefined : { amount, currency };
}

/** `1,259.90 EUR` of `1259.90 EUR`; what is no money stays as it was told. */
export function toldMoney(text: string): string {
  const money = readMoney(text);
  return money ? moneyText(money) : text;
}

/** `1,259.90`: the digits stay as they were told, in groups of three. */
export function amountText(amount: string): string {
  const [, sign, whole = '', rest] = /^(-?)(\d+)(\.\d+)?$/.exec(amount) ?? [];
  if (sign === undefined) return amount;
  return `${sign && '\u2212'}${whole.replace(/\B(?=(\d{3})+$)/g, ',')}${rest ?? ''}`;
}
