import type { Language } from '../../src/shared/text.js';
import { badUserInput } from './errors.js';

/** The longest text that a list is searched for. */
export const searchLengthMax = 100;

const controlCharacter = /\p{Cc}/u;

/** The text to search for without spaces around it; undefined when the list is not searched. */
export function readSearch(search: string | null | undefined, language: Language): string | undefined {
  const text = search?.trim() ?? '';
  if ([...text].length > searchLengthMax) {
    throw badUserInput(
      ['search'],
      { zh: `不得超过 ${searchLengthMax} 个字`, en: `must be at most ${searchLengthMax} characters` },
      language,
    );
  }
  if (controlCharacter.test(text)) {
    throw badUserInput(
      ['search'],
      { zh: '不得含控制字符', en: 'must not hold control characters' },
      language,
    );
  }
  return text === '' ? undefined : text;
}
