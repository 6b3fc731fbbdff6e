import type { Database } from '../../src/shared/database.js';

/** How many rows the tables hold that a mutation about a place could change. */
export async function rowCounts(database: Database): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const table of [
    'facility',
    'facility_placement',
    'elder',
    'meal_card',
    'top_up',
    'swipe',
    'ledger_posting',
    'month_statement',
    'statement_event',
    'statement_dispute',
    'account',
    'access_grant',
    'access_token',
    'family_phone',
    'family_consent',
    'visit',
    'visit_caregiver',
    'delivery_terms',
    'delivery_order',
    'elder_door',
    'visit_check',
    'visit_evidence',
    'visit_event',
    'visit_care_terms',
    'door_tag',
    'care_note',
    'care_measurement',
    'care_limit',
    'visit_objection',
    'visit_rating',
    'elder_contacts',
    'room',
    'bed',
    'bed_out_of_service',
    'bed_fee',
    'bed_stay',
    'bed_hold',
    'bed_request',
    'stay_leave',
    'stay_transfer',
    'stay_charge',
  ]) {
    const rows: { count: number | string }[] = await database.read((manager) =>
      manager.query(`SELECT COUNT(*) AS count FROM ${table}`),
    );
    counts[table] = Number(rows[0]?.count);
  }
  return counts;
}
