/** Numbers of a reader's counter that follow one another: from and to, both included. */
export interface SequenceRange {
  from: number;
  to: number;
}

/**
 * What is left of `ranges` without the numbers of `taken`. Each list is in the order of its numbers and overlaps
 * itself nowhere; so is the answer.
 */
export function rangesWithout(
  ranges: readonly SequenceRange[],
  taken: readonly SequenceRange[],
): SequenceRange[] {
  const left: SequenceRange[] = [];
  let next = 0;
  for (const { from, to } of ranges) {
    while ((taken[next]?.to ?? to + 1) < from) next += 1;
    let begin = from;
    for (let index = next; ; index += 1) {
      const other = taken[index];
      if (!other || other.from > to) break;
      if (other.from > begin) left.push({ from: begin, to: other.from - 1 });
      begin = Math.max(begin, other.to + 1);
    }
    if (begin <= to) left.push({ from: begin, to });
  }
  return left;
}

/** How many numbers these ranges have together. */
export function countOf(ranges: readonly SequenceRange[]): number {
  return ranges.reduce((total, { from, to }) => total + to - from + 1, 0);
}
