import type { Side } from './walk-sides.js';

/** The steps of a statement are all asked alike; those that want a note get one. */
export function statementSteps(): Record<string, (side: Side) => string> {
  const of = (note: string) => (side: Side) => `(canteenId: ${side.facilityId}, month: "2026-02"${note})`;
  const plain = ['submitStatement', 'reviewStatement', 'signStatement', 'freezeStatement'];
  const noted = ['returnStatement', 'sendBackStatement', 'payStatement'];
  return Object.fromEntries([
    ...plain.map((name) => [name, of('')]),
    ...noted.map((name) => [name, of(', note: "P-1"')]),
  ]);
}
