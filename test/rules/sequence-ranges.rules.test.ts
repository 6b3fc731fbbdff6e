import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { countOf, rangesWithout, type SequenceRange } from '../../src/meals/sequence-ranges.rules.js';

const range = (from: number, to = from): SequenceRange => ({ from, to });

describe('ranges without others', () => {
  it.each([
    ['nothing taken', [range(3, 9)], [], [range(3, 9)]],
    ['all of it', [range(3, 9)], [range(3, 9)], []],
    ['more than it', [range(3, 9)], [range(1, 20)], []],
    ['its beginning', [range(3, 9)], [range(1, 4)], [range(5, 9)]],
    ['its end', [range(3, 9)], [range(9, 12)], [range(3, 8)]],
    ['its middle', [range(3, 9)], [range(5), range(7)], [range(3, 4), range(6), range(8, 9)]],
    ['what touches it', [range(3, 9)], [range(1, 2), range(10, 11)], [range(3, 9)]],
    ['one across two', [range(1, 3), range(6, 8)], [range(2, 6)], [range(1), range(7, 8)]],
  ] as const)('%s', (_what, ranges, taken, left) => {
    expect(rangesWithout(ranges, taken)).toEqual(left);
  });

  it('leave the same numbers as taking them away one by one', () => {
    const numbers = fc.uniqueArray(fc.integer({ min: 0, max: 40 }));
    fc.assert(
      fc.property(numbers, numbers, (some, others) => {
        const left = rangesWithout(rangesOf(some), rangesOf(others));
        const expected = rangesOf(some.filter((number) => !others.includes(number)));
        // Ranges may touch each other where something was taken that was not there.
        expect(left.flatMap(numbersOf)).toEqual(expected.flatMap(numbersOf));
        expect(countOf(left)).toBe(countOf(expected));
      }),
    );
  });
});

function rangesOf(numbers: readonly number[]): SequenceRange[] {
  const ranges: SequenceRange[] = [];
  for (const number of [...numbers].sort((one, other) => one - other)) {
    const last = ranges.at(-1);
    if (last && last.to === number - 1) last.to = number;
    else ranges.push(range(number));
  }
  return ranges;
}

const numbersOf = ({ from, to }: SequenceRange) =>
  Array.from({ length: to - from + 1 }, (_, index) => from + index);
