import type { SeriesScope } from '../../src/visits/locked-visits.js';
import { enumeration } from '../shared/enumeration.js';

export const SeriesScopeEnum = enumeration<SeriesScope>(
  'SeriesScope',
  'Which visits of a series a change is about.',
  {
    THIS: 'That visit alone.',
    THIS_AND_FOLLOWING: 'That visit, and all later ones of its series that have not begun; all or none.',
  },
);
