import { sequenceMax } from '../src/meals/swipe.rules.js';
import type { Facts } from './facts.js';
import { HighestNumber } from './highest-number.js';
import { firstUnused } from './used-numbers.rules.js';

/** Numbers that may have been used, and of whose taps the store knows nothing; both ends included. */
export interface SkippedNumbers {
  from: number;
  to: number;
}

/** No server takes a higher number. What is stored still goes up; another tap would be refused by every answer. */
const numbersUsedUp =
  '流水号已用尽，请重新登记本机 / The numbers of this reader are used up: enrol it anew, with a store of its own';

/** Gives each tap a number that no other ever had, whatever becomes of the store. */
export class TapNumbers {
  private readonly highest: HighestNumber;
  /** What was found when the store was opened. */
  readonly skippedAtStart: SkippedNumbers | undefined;

  constructor(
    private readonly facts: Facts,
    storePath: string,
  ) {
    this.highest = new HighestNumber(storePath);
    // Before the server is heard too: without a network taps are stored at once.
    if (this.next !== undefined) this.skippedAtStart = this.beginBehind(null);
  }

  /**
   * Settles with which number the store goes on: behind every one that may have been used, by this store before it lost
   * its end, by an earlier one, or by another one with the same key.
   *
   * @returns the numbers that are left out for that
   */
  beginBehind(onServer: number | null): SkippedNumbers | undefined {
    const { next } = this;
    const stored = next === undefined ? undefined : next - 1;
    const first = firstUnused({ stored, noted: this.highest.value, onServer });
    this.highest.note(first - 1);
    if (first === next) return undefined;
    this.facts.set('nextSequence', first);
    const skipped = { from: (stored ?? onServer ?? 0) + 1, to: first - 1 };
    return skipped.from > skipped.to ? undefined : skipped;
  }

  /** The number of a tap that is stored in the same transaction. */
  take(): number {
    const { next } = this;
    if (next === undefined) throw new Error('the store does not know its first number yet');
    if (next > sequenceMax) throw new Error(numbersUsedUp);
    this.facts.set('nextSequence', next + 1);
    return next;
  }

  /**
   * Before anybody hears of the tap, and behind the commit that stored it: a power cut between the two costs no number,
   * and a tap that is lost with the end of the store is missed by its number.
   */
  note(number: number): void {
    this.highest.note(number);
  }

  /** Of the last tap, which is deleted in the same transaction and of which nobody has heard. */
  giveBack(number: number): void {
    this.facts.set('nextSequence', number);
  }

  private get next(): number | undefined {
    return this.facts.get('nextSequence');
  }
}
