import type { EntityManager } from 'typeorm';
import type { ElderCategory } from '../../entities/elders/elder-category-membership.entity.js';
import { abilityLevelOn } from '../elders/ability.rules.js';
import { categoriesOfElders } from '../elders/elder-categories.js';
import { eldersById } from '../elders/find-elders.js';
import { covers, nowhere, type Scope } from '../network/scope.js';
import { type Day, dayOf } from '../shared/china-time.js';
import { type BedState, bedsOnDay } from './bed-states.js';
import { type FoundBed, selectBeds } from './read-beds.js';
import type { Stay } from './read-stays.js';

/** Whom a bed is for, as a home sees its residents. */
export interface Occupant {
  elderId: number;
  name: string;
  birthDate: Day;
  categories: readonly ElderCategory[];
  /** On the day of the board. */
  abilityLevel: number | null;
}

export interface BoardBed {
  bed: FoundBed;
  state: BedState;
  stay: Stay | null;
  occupant: Occupant | null;
}

/** Beds, and whether each is out of service on a day, which it takes twice. */
const selectWithOut = selectBeds.replace(
  'SELECT b.id,',
  `SELECT EXISTS (SELECT 1 FROM bed_out_of_service o
            WHERE o.bedId = b.id AND o.fromDay <= ? AND (o.toDay IS NULL OR o.toDay > ?)) AS isOut, b.id,`,
);

/** The most beds that one board shows. */
export const boardBedsMax = 2000;

/**
 * All registered beds of a facility on a day, with who has them or is expected, in the order of buildings, floors and
 * rooms. Six statements at most, however many beds; no bed beyond the scope.
 */
export async function bedBoard(
  manager: EntityManager,
  { facilityId, on, now }: { facilityId: number; on: Day; now: Date },
  scope: Scope,
): Promise<BoardBed[]> {
  const place = (await covers(manager, scope, facilityId, dayOf(now))) ? facilityId : nowhere;
  const rows: (FoundBed & { isOut: number | string })[] = await manager.query(
    `${selectWithOut} WHERE b.facilityId = ? AND b.registeredOn <= ? AND (b.closedOn IS NULL OR b.closedOn > ?)
      ORDER BY r.building, r.floor, r.name, b.label, b.id LIMIT ?`,
    [on, on, place, on, on, boardBedsMax],
  );
  const out = new Set(rows.filter(({ isOut }) => Number(isOut) === 1).map(({ id }) => id));
  const beds = rows.map(({ isOut: _isOut, ...bed }) => bed);
  const states = await bedsOnDay(manager, beds, on, now, out);
  const elderIds = [...states.values()].flatMap(({ stay }) => stay?.elderId ?? []);
  const elders = elderIds.length === 0 ? new Map() : await eldersById(manager, elderIds);
  const categories = elderIds.length === 0 ? new Map() : await categoriesOfElders(manager, elderIds);
  return beds.map((bed) => {
    const { state, stay } = states.get(bed.id) ?? { state: 'FREE' as const, stay: null };
    const elder = stay && elders.get(stay.elderId);
    const occupant = elder && {
      elderId: elder.id,
      name: elder.name,
      birthDate: elder.birthDate,
      categories: categories.get(elder.id) ?? [],
      abilityLevel: abilityLevelOn(elder, on),
    };
    return { bed, state, stay, occupant: occupant ?? null };
  });
}
