export interface Contact {
  name: string;
  email: string;
  phone: string;
}

export type ContactProblems = Partial<Record<keyof Contact, string>>;

export const NOBODY: Contact = { name: '', email: '', phone: '' };

/** The checkout form: what was typed, bounded, and what is wrong with it. */
export function readContact(form: URLSearchParams): { contact: Contact; problems: ContactProblems } {
  const typed = (field: string, charsMax: number): string => (form.get(field) ?? '').trim().slice(0, charsMax);
  const contact = { name: typed('name', 80), email: typed('email', 254), phone: typed('phone', 32) };
  const problems: ContactProblems = {};
  if (contact.name === '') problems.name = 'Please tell us your name.';
  if (!/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(contact.email))
    problems.email = 'This needs an @ and a domain, such as mail@example.com.';
  if (contact.phone !== '' && !/^\+?[0-9][0-9 ()/.-]{5,30}$/.test(contact.phone))
    problems.phone = 'Digits only, with country code, such as +49 30 23125 100.';
  return { contact, problems };
}
