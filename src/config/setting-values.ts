import { z } from 'zod';

export function wholeNumber(from: number, to: number): z.ZodType<number, string> {
  const allowed = `must be a whole number from ${from} to ${to}`;
  return z
    .string()
    .regex(/^\d{1,15}$/, allowed)
    .transform(Number)
    .refine((value) => value >= from && value <= to, allowed);
}

export function oneOf<const Choices extends readonly [string, ...string[]]>(
  choices: Choices,
): z.ZodType<Choices[number], string> {
  const allowed = `must be one of ${choices.join(', ')}`;
  return z
    .string()
    .refine((value) => choices.includes(value), allowed)
    .transform((value): Choices[number] => value);
}

export function text(lengthMax: number): z.ZodType<string, string> {
  return z.string().max(lengthMax, `must have at most ${lengthMax} characters`);
}

export function webAddress(): z.ZodType<string, string> {
  const allowed = 'must be an address that begins with https:// or http://';
  return z.string().refine((value) => value === '' || /^https?:\/\/[^/]/.test(value), allowed);
}

export function redisUrl(): z.ZodType<string, string> {
  const allowed = 'must be redis://user:password@host:port, or rediss:// for TLS';
  return z
    .string()
    .refine(
      (value) =>
        value === '' ||
        (/^rediss?:\/\//.test(value) && URL.canParse(value) && new URL(value).hostname !== ''),
      allowed,
    );
}

/** Long enough that nobody guesses it. */
export function signingKey(): z.ZodType<string, string> {
  return text(1000).refine((value) => value === '' || value.length >= 32, 'must have at least 32 characters');
}

/** What an entry of a list may be; each says so by itself when it is none. */
interface Entry {
  allowed: string;
  fits(text: string): boolean;
}

export const origin: Entry = {
  allowed: 'must be origins such as https://console.example, with commas between them',
  fits: (text) => /^https?:/.test(text) && URL.canParse(text) && new URL(text).origin === text,
};

export function list({ allowed, fits }: Entry): z.ZodType<string[], string> {
  return z
    .string()
    .transform((given) => given.split(',').flatMap((entry) => entry.trim() || []))
    .refine((entries) => entries.every(fits), allowed);
}

export function databaseUrl(): z.ZodType<string, string> {
  const allowed = 'must be the path of an SQLite file, or mysql://user:password@host:port/name';
  return z.string().refine(isDatabaseUrl, allowed);
}

/** A path has no scheme; an address must be MySQL's and name a host and a database. */
function isDatabaseUrl(value: string): boolean {
  if (!/^[a-z][a-z0-9+.-]*:/i.test(value)) return true;
  if (!value.startsWith('mysql://') || !URL.canParse(value)) return false;
  const { hostname, pathname } = new URL(value);
  return hostname !== '' && /^\/[^/]+$/.test(pathname);
}
