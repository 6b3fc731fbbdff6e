/** True of a text that holds a control character, a line break among them, or half of a surrogate pair. */
export function hasControls(text: string): boolean {
  return /[\p{Cc}\p{Cs}]/u.test(text);
}
