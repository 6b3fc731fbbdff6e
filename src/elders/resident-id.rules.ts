import { type Day, isDay } from '../shared/china-time.js';

/** GB 11643-1999: what each of the first 17 digits weighs in the check sum. */
const weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
/** GB 11643-1999: the check character, by the check sum modulo 11. */
const checkCharacters = '10X98765432';

/** Division code, birth date of this or the two centuries before, sequence number, check character. */
const shape = /^[1-9]\d{5}(?:18|19|20)\d{9}[\dX]$/;

/** The 18th character for the first 17 digits, which must be digits. */
export function checkCharacter(first17: string): string {
  const sum = weights.reduce((total, weight, index) => total + weight * Number(first17.charAt(index)), 0);
  return checkCharacters.charAt(sum % 11);
}

/**
 * True for a resident ID number of GB 11643-1999: 18 characters, a birth date that the calendar has, and
 * the right check character. The check character X counts in upper case only; normalise before asking.
 */
export function isResidentId(text: string): boolean {
  return (
    shape.test(text) && isDay(birthDateOf(text)) && checkCharacter(text.slice(0, 17)) === text.charAt(17)
  );
}

/** The birth date within a resident ID number; only a valid number has a real one. */
export function birthDateOf(id: string): Day {
  return `${id.slice(6, 10)}-${id.slice(10, 12)}-${id.slice(12, 14)}`;
}

/** The gender within a resident ID number: the 17th digit is odd for men and even for women (GB 11643-1999). */
export function genderOf(id: string): 'FEMALE' | 'MALE' {
  return Number(id.charAt(16)) % 2 === 1 ? 'MALE' : 'FEMALE';
}

/** The number as people type it, brought to the form that is stored: no spaces around it, X in upper case. */
export function normalizedResidentId(text: string): string {
  return text.trim().toUpperCase();
}

/** First six and last character shown, the rest starred: 110105***********X. */
export function maskedResidentId(id: string): string {
  return id.slice(0, 6) + '*'.repeat(Math.max(0, id.length - 7)) + id.slice(-1);
}
