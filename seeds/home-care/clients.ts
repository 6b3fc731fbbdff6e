import type { EntityManager } from 'typeorm';

/** An elder whom a home-care station visits. */
export interface Client {
  elderId: number;
  stationId: number;
}

/** Whoever is at least as old, and lives alone, is visited, whatever the ability. */
const bornBefore = '1946-07-01';

/**
 * Elders who need a hand at home, which is about one in nine of the city: who is moderately disabled or worse, and who
 * lives alone at eighty or more; nobody who has or had a bed of a home. By station, and in the
 * order of their ids.
 */
export async function clientsOf(manager: EntityManager): Promise<Client[]> {
  return manager.query(
    `SELECT elder.id AS elderId, elder.homeStationId AS stationId FROM elder
      WHERE elder.status = 'ACTIVE' AND elder.homeStationId IS NOT NULL
        AND (elder.abilityLevel >= 2
             OR (elder.birthDate < ? AND EXISTS (SELECT 1 FROM elder_category category
                   WHERE category.elderId = elder.id AND category.category = 'LIVING_ALONE')))
        AND NOT EXISTS (SELECT 1 FROM bed_stay stay WHERE stay.elderId = elder.id)
      ORDER BY elder.homeStationId, elder.id`,
    [bornBefore],
  );
}
