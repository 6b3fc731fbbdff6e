import type { StatementKind } from '../../entities/settlement/month-statement.entity.js';
import { homeSettlement } from '../../src/beds/bed-days/home-settlement.js';
import { canteenSettlement } from '../../src/meals/canteen-settlement.js';
import { kindOfFacility } from '../../src/settlement/kind-of-facility.js';
import type { SettlementKind } from '../../src/settlement/settlement-kind.js';
import type { Database } from '../../src/shared/database.js';
import { stationSettlement } from '../../src/visits/station-settlement.js';

/** Everything that is settled month by month. */
export const settlements: Readonly<Record<StatementKind, SettlementKind>> = {
  CANTEEN: canteenSettlement,
  STATION: stationSettlement,
  HOME: homeSettlement,
};

/** How a facility is settled. Asked before the transaction, which begins with the lock of the facility. */
export async function settlementOf(database: Database, facilityId: number): Promise<SettlementKind> {
  return settlements[await database.read((manager) => kindOfFacility(manager, facilityId))];
}
