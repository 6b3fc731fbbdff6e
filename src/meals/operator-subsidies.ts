import type { EntityManager } from 'typeorm';
import type { OperatorShare } from '../settlement/settlement-kind.js';
import type { Month } from '../shared/month.js';

/**
 * What the operator of a canteen gets per meal, per person and for the month, by funder. No rule of a city
 * grants any yet, so there is none; the rules of such subsidies are read here once they exist.
 */
export async function operatorShares(
  _manager: EntityManager,
  _canteenId: number,
  _month: Month,
): Promise<OperatorShare[]> {
  return [];
}
