import { Secret, TOTP } from 'otpauth';

const issuer = '银龄';
const periodSeconds = 30;

/** How many steps a phone's clock may be off, either way. */
const stepsOff = 1;

/** The beginning of a set-up: what the person's phone is given. */
export interface TotpSetUp {
  /** Base 32, to be typed in. */
  secret: string;
  /** otpauth://, to be shown as a picture. */
  uri: string;
}

export function newTotp(userName: string): TotpSetUp {
  const secret = new Secret({ size: 20 });
  return { secret: secret.base32, uri: totp(secret, userName).toString() };
}

/**
 * The step of 30 seconds since 1970 that `code` belongs to, when it is the code of about now and of no
 * earlier step than the one after `lastStep`: a code that was seen over a shoulder does not count again.
 */
export function stepOfCode(
  secret: string,
  code: string,
  now: Date,
  lastStep: number | null,
): number | undefined {
  if (!/^\d{6}$/.test(code)) return undefined;
  const timestamp = now.getTime();
  const delta = totp(Secret.fromBase32(secret), '').validate({ token: code, timestamp, window: stepsOff });
  if (delta === null) return undefined;
  const step = Math.floor(timestamp / 1000 / periodSeconds) + delta;
  return lastStep === null || step > lastStep ? step : undefined;
}

/** The code of an instant, for who has the secret. */
export function codeAt(secret: string, now: Date): string {
  return totp(Secret.fromBase32(secret), '').generate({ timestamp: now.getTime() });
}

function totp(secret: Secret, label: string): TOTP {
  return new TOTP({ issuer, label, algorithm: 'SHA1', digits: 6, period: periodSeconds, secret });
}
