import { InvalidArgumentError } from 'commander';
import { homeSettlement } from '../beds/bed-days/home-settlement.js';
import { canteenSettlement } from '../meals/canteen-settlement.js';
import { isMonth } from '../shared/month.js';
import { stationSettlement } from '../visits/station-settlement.js';

/** Everything that is settled month by month. */
export const settlements = {
  CANTEEN: canteenSettlement,
  STATION: stationSettlement,
  HOME: homeSettlement,
} as const;

/** A month that was given in the words of a command. */
export function month(text: string): string {
  if (isMonth(text)) return text;
  throw new InvalidArgumentError('It must be a month such as 2026-10.');
}
