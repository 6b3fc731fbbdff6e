import fc from 'fast-check';
import { expect, it } from 'vitest';
import { readJson } from '../../src/shared/read-json.js';

it.each<[string, string, string[]]>([
  ['a key twice', '{"fen": 300, "fen": 500}', ['fen']],
  ['the same value twice', '{"a": 1, "a": 1}', ['a']],
  [
    'deep within lists',
    '{"groups": [{}, {"rules": [{"code": "A"}, {"code": "B", "code": "C"}]}]}',
    [...['groups', '1', 'rules', '1', 'code']],
  ],
  ['after a value that is an object', '{"a": {"b": [1, {"c": 2}]}, "d": 3, "a": 4}', ['a']],
  ['written with an escape', '{"fen": 1, "f\\u0065n": 2}', ['fen']],
  ['with a quote and a brace in it', '{"x": "}{,\\"", "a\\"{": 1, "a\\"{": 2}', ['a"{']],
  ['the prototype', '[{"__proto__": 1, "__proto__": 2}]', ['0', '__proto__']],
  ['in a list within a list', '[[], [[{"": 1, "": 2}]]]', ['1', '0', '0', '']],
])('names the place of a key that is there twice: %s', (_, text, twice) => {
  expect(readJson(text)).toEqual({ twice });
});

it.each([
  '{"a": {"a": {"a": ["a", "a", {"a": "a"}]}}, "b": "a"}',
  '[{"a": 1}, {"a": 2}]',
  '{"a": "b", "b": "a", "c": "\\\\", "d": "\\""}',
  '" {\\"a\\": 1, \\"a\\": 2}"',
  'null',
  '1e5',
])('takes what has every key once: %s', (text) => {
  expect(readJson(text)).toEqual({ said: JSON.parse(text) });
});

it.each(['', '{', '{"a": 1,}', "{'a': 1}", 'undefined', '{"a" 1}'])('reads no JSON from %j', (text) => {
  expect(readJson(text)).toBeUndefined();
});

it('takes whatever is written out by JSON.stringify, and finds the key that is then written once more', () => {
  const object = fc.dictionary(fc.string(), fc.jsonValue(), { minKeys: 1, maxKeys: 6 });
  fc.assert(
    fc.property(fc.jsonValue(), object, fc.nat(), (value, given, pick) => {
      const text = JSON.stringify([value, given]);
      expect(readJson(text)).toEqual({ said: JSON.parse(text) });
      const keys = Object.keys(given);
      const key = keys[pick % keys.length] as string;
      const again = `${text.slice(0, -2)},${JSON.stringify(key)}:0}]`;
      expect(readJson(again)).toEqual({ twice: ['1', key] });
    }),
  );
});
