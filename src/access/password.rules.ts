import { type AccountRefusal, refuseAccount } from './account-refusals.js';

const lengthMin = 10;
const lengthMax = 128;
const userNameForm = /^[a-z0-9](?:[a-z0-9._-]{1,38})[a-z0-9]$/;

/** The form in which a password is hashed: the same characters, however a keyboard composes them. */
export function passwordKept(password: string): string {
  return password.normalize('NFKC');
}

/** A user name as it is kept, in lower case; undefined for what can be nobody's. */
export function userNameKept(userName: string): string | undefined {
  const kept = userName.trim().toLowerCase();
  return userNameForm.test(kept) ? kept : undefined;
}

/**
 * Why a password will not do for the account; undefined when it will. Length is what counts: rules about
 * digits and signs make people choose the same few patterns.
 */
export function passwordRefusal(
  password: string,
  userName: string,
  field: readonly string[],
): AccountRefusal | undefined {
  const kept = passwordKept(password);
  const length = [...kept].length;
  const named = kept.trim().toLowerCase() === userName.toLowerCase();
  const monotonous = new Set(kept).size < 3;
  const fits = length >= lengthMin && length <= lengthMax && !named && !monotonous;
  return fits ? undefined : refuseAccount('PASSWORD_UNFIT', field);
}

/** The most that is hashed at a sign-in: longer than any password, short enough to cost nothing. */
export function isTooLong(password: string): boolean {
  return password.length > lengthMax * 4;
}
