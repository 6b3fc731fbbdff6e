import fc from 'fast-check';
import type { Share } from '../../src/meals/rules/rule-language.rules.js';
import type { FunderFacts } from '../../src/meals/rules/rule-shares.rules.js';

export const divisions = ['110105001', '110105002', '110106001', '120101001'];

export const funders: FunderFacts[] = [
  { code: 'CITY', name: 'city', level: 'CITY', divisionCode: '1101', accountId: 1 },
  { code: 'DISTRICT', name: 'district', level: 'DISTRICT', divisionCode: '110105', accountId: 2 },
  { code: 'TOWN', name: 'town', level: 'TOWN', divisionCode: '110105001', accountId: 3 },
  { code: 'DONOR', name: 'donor', level: 'DONOR', divisionCode: null, accountId: 4 },
];

const anyBearer = fc.constantFrom<Share>(
  { funder: 'CITY' },
  { funder: 'DONOR' },
  { level: 'DISTRICT' },
  { level: 'TOWN', of: 'CANTEEN' },
  { canteen: true },
);
const anyFate = fc.constantFrom('KEPT' as const, 'LOST' as const, { canteen: true as const });
export const anyShares: fc.Arbitrary<Share[]> = fc
  .tuple(
    fc.array(
      fc.tuple(
        anyBearer,
        fc.oneof(
          fc.record({ fen: fc.integer({ min: 1, max: 500 }) }),
          fc.record({ percent: fc.integer({ min: 1, max: 10_000 }).map((hundredths) => hundredths / 100) }),
        ),
      ),
      { maxLength: 3 },
    ),
    anyBearer,
    fc.option(fc.record({ OTHER_TOWN: anyFate, OTHER_DISTRICT: anyFate }), { nil: undefined }),
  )
  .map(([some, last, elsewhere]) => [
    ...some.map(([bearer, size]) => ({ ...bearer, ...size, elsewhere })),
    { ...last, rest: true as const },
  ]);
