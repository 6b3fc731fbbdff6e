import { createHash, randomBytes } from 'node:crypto';

/** A new opaque bearer token: 256 random bits. It is shown once; the database gets `hashToken` of it. */
export function newToken(): string {
  return randomBytes(32).toString('base64url');
}

export function hashToken(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}
