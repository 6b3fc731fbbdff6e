import { z } from 'zod';

/** A named secret that access tokens are signed with. */
export interface SessionKey {
  id: string;
  secret: Uint8Array;
}

/** Roles of people who sign in with a password. */
const totpRoles = ['ADMIN', 'MANAGER', 'STAFF', 'CAREGIVER', 'COURIER', 'FINANCE', 'AUDITOR'] as const;
export type TotpRole = (typeof totpRoles)[number];

export function sessionKeys(): z.ZodType<SessionKey[], string> {
  const form = /^[A-Za-z0-9_-]{1,32}:[A-Za-z0-9_-]{43,512}$/;
  const allowed = 'must be name:secret, of at least 32 bytes in base64url, or several parted by commas';
  return z
    .string()
    .transform(listed)
    .refine((keys) => keys.every((key) => form.test(key)), allowed)
    .transform((keys) => keys.map(sessionKey))
    .refine((keys) => new Set(keys.map(({ id }) => id)).size === keys.length, 'must name each key once');
}

function sessionKey(text: string): SessionKey {
  const [id = '', secret = ''] = text.split(':');
  return { id, secret: Buffer.from(secret, 'base64url') };
}

export function roleList(): z.ZodType<TotpRole[], string> {
  const isRole = (role: string): role is TotpRole => totpRoles.some((known) => known === role);
  return z
    .string()
    .transform(listed)
    .refine((wanted) => wanted.every(isRole), `must be among ${totpRoles.join(', ')}`)
    .transform((wanted) => wanted.filter(isRole));
}

/** The parts between commas, none for an empty text. */
function listed(text: string): string[] {
  return text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
}
