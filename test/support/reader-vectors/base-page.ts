import { addDays } from '../../../src/shared/china-time.js';
import { salt, timesOn, usualCanteen, usualDay } from './vector-list.js';

/** What all lists of the vectors have in common. */
export const basePage = {
  format: 1 as const,
  canteenId: '12',
  readerId: '34',
  list: '00112233445566aa',
  since: null,
  version: '00112233445566aa.1.1',
  full: true,
  last: true,
  ...timesOn(usualDay),
  keys: [],
  salt,
  terms: {
    ...usualCanteen,
    days: [0, 1, 2].map((ahead) => ({ day: addDays(usualDay, ahead), sets: ['1'] })),
    sets: [{ id: '1', code: 'S', version: 1, alongside: 'BEST' as const, holidays: [] }],
  },
  entitlements: [],
  cards: [],
  blocked: [],
  removed: { cards: [], entitlements: [] },
};
