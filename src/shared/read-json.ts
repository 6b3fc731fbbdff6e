import type { Text } from './text.js';

/** What a text of JSON says, or what is wrong with it. */
export type ReadJson =
  | { said: unknown }
  /** The place of the first key that its object has already. */
  | { twice: readonly string[] }
  | undefined;

/**
 * Reads a text of JSON that people write; undefined for what is none. An object that has a key twice is told: JSON.parse
 * takes the last one and drops the others, so that nobody would see which of two amounts counts.
 */
export function readJson(text: string): ReadJson {
  let said: unknown;
  try {
    said = JSON.parse(text);
  } catch {
    return undefined;
  }
  const twice = placeOfKeyTwice(text);
  return twice ? { twice } : { said };
}

/** What is wrong where a key is there twice. */
export function keyTwice(place: readonly string[]): Text {
  const where = place.join('.');
  return { zh: `${where}：同一对象中此键写了两次`, en: `${where}: this key is there twice in one object` };
}

/** An object or a list that is not closed yet, and where in it the text is. */
interface Open {
  /** Undefined for a list. */
  keys: Set<string> | undefined;
  at: string | number;
  /** Whether the next string of an object is a key. */
  isKeyNext: boolean;
}

/** Of a text that is JSON, so that texts and punctuation alone tell where each key stands. */
function placeOfKeyTwice(text: string): string[] | undefined {
  const open: Open[] = [];
  for (const [token] of text.matchAll(/"(?:[^"\\]|\\.)*"|[{}[\],]/g)) {
    const inner = open.at(-1);
    if (token === '{') open.push({ keys: new Set(), at: '', isKeyNext: true });
    else if (token === '[') open.push({ keys: undefined, at: 0, isKeyNext: false });
    else if (token === '}' || token === ']') open.pop();
    else if (token === ',' && inner) {
      if (inner.keys) inner.isKeyNext = true;
      else inner.at = Number(inner.at) + 1;
    } else if (inner?.keys && inner.isKeyNext) {
      // Escapes are read, for two ways to write a key are one key.
      inner.at = JSON.parse(token) as string;
      inner.isKeyNext = false;
      if (inner.keys.has(inner.at)) return open.map(({ at }) => String(at));
      inner.keys.add(inner.at);
    }
  }
  return undefined;
}
