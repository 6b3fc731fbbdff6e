/**
 * What booking and carrying out may do with the government's hours. Whoever calls what writes has locked the elders
 * (lockTimes), so that no two take the same hours; docs/home-care-hours.md says what is written when.
 */
export { type HoursCatalog, hoursCatalogOf } from './hours-catalog.js';
export { correctHours, forfeitHours, giveBackHours, useHours } from './hours-closing.js';
export { moveHours } from './hours-moving.js';
export type { HoursQuestion } from './hours-purses.rules.js';
export {
  catalogFor,
  type HoursOffer,
  type HoursPlan,
  offerHours,
  planHours,
  reserveHours,
} from './hours-reserving.js';
