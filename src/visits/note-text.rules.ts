const controls = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}]/u;

/** What somebody wrote, trimmed; null for nothing, undefined for what is longer or holds control characters. */
export function noteTextOf(given: string | null | undefined, lengthMax: number): string | null | undefined {
  const text = given?.trim() || null;
  if (text === null) return null;
  // A line break in a note of several lines is no danger; anything else that cannot be seen is.
  if ([...text].length > lengthMax || controls.test(text.replaceAll('\n', ' '))) return undefined;
  return text;
}

/** For reasons, and what was found out. */
export const shortTextMax = 200;
/** For notes of a visit and comments about it. */
export const longTextMax = 500;
