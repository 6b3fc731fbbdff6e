import type { EntityManager } from 'typeorm';
import type { Elder } from '../../entities/elders/elder.entity.js';
import type { Gender } from '../../entities/visits/caregiver.entity.js';
import type { HomeService } from '../../entities/visits/home-service.entity.js';
import { openPosition, type Position } from '../elders/elder-door.js';
import { genderOf } from '../elders/resident-id.rules.js';
import { openField } from '../elders/sealed-fields.js';
import type { Day } from '../shared/china-time.js';
import { cipherOf } from '../shared/database-cipher.js';
import { placeholders, type Reading, readAtOnce, type Statement } from '../shared/statements.js';
import type { Crew } from './free-caregivers.js';
import { unknownStation } from './free-caregivers.js';
import type { Errand } from './free-times.rules.js';

/** A service as it is brought: what takes time of whom, and what it costs on which day. */
export interface BroughtService extends HomeService {
  /** Of two caregivers, how many minutes after the first the second comes; 0 of one. */
  secondAfterMin: number;
  secondAfterMax: number;
  /** In order of the days from which they count. */
  prices: readonly { fromDay: Day; fen: number }[];
}

/** An elder as far as a visit asks about one. */
export interface VisitedElder {
  id: number;
  gender: Gender | null;
  place: Position | null;
}

/** The price of one visit on the day; undefined while there is none, when the service is not offered. */
export function priceOn({ prices }: BroughtService, day: Day): number | undefined {
  return prices.findLast(({ fromDay }) => fromDay <= day)?.fen;
}

export const byCode = (code: string) => ({ column: 'code', values: [code] }) as const;
export const byIds = (ids: readonly number[]) => ({ column: 'id', values: ids }) as const;

/** What asks for services with how two of their caregivers come, and for their prices; `servicesOf` reads the rows. */
export function serviceQueries({
  column,
  values,
}: ReturnType<typeof byCode> | ReturnType<typeof byIds>): [Statement, Statement] {
  const wanted = `service.${column} IN (${placeholders(values) || 'NULL'})`;
  return [
    {
      sql: `SELECT service.*, pair.secondAfterMin, pair.secondAfterMax
              FROM home_service service LEFT JOIN home_service_pair pair ON pair.serviceId = service.id
             WHERE ${wanted} ORDER BY service.id`,
      parameters: values,
    },
    {
      sql: `SELECT price.serviceId, CAST(price.fromDay AS CHAR) AS fromDay, price.fen
              FROM home_service_price price JOIN home_service service ON service.id = price.serviceId
             WHERE ${wanted} ORDER BY price.fromDay`,
      parameters: values,
    },
  ];
}

/** The rows of `serviceQueries`, in its order. */
export function servicesOf([services, priced]: readonly unknown[]): BroughtService[] {
  const rows = services as (HomeService & { secondAfterMin: number | null; secondAfterMax: number | null })[];
  const prices = priced as { serviceId: number; fromDay: Day; fen: number | string }[];
  return rows.map((row) => {
    // The second has to come while the first is still there.
    const secondAfterMax = row.caregivers === 1 ? 0 : Math.min(row.secondAfterMax ?? 0, row.minutes - 1);
    const secondAfterMin = Math.min(row.secondAfterMin ?? 0, secondAfterMax);
    const own = prices.filter(({ serviceId }) => serviceId === row.id);
    return {
      ...row,
      secondAfterMin,
      secondAfterMax,
      prices: own.map(({ fromDay, fen }) => ({ fromDay, fen: Number(fen) })),
    };
  });
}

/** What must be read of an elder before it can be visited. */
export type ElderToVisit = Pick<Elder, 'id' | 'idNumberSealed'>;

/** What a visit asks about an elder who was found. One statement. */
export async function visitedElder(manager: EntityManager, elder: ElderToVisit): Promise<VisitedElder> {
  const [visited] = await readAtOnce(manager, visitedElders(manager, [elder.id]));
  return visited(elder);
}

/**
 * The same of several elders, once they are found. An ID number is opened for a service alone that asks for the gender;
 * without one it is told.
 */
export function visitedElders(
  manager: EntityManager,
  elderIds: readonly number[],
): Reading<(elder: ElderToVisit, service?: Pick<HomeService, 'genderRule'>) => VisitedElder> {
  const cipher = cipherOf(manager);
  return {
    statements: [
      {
        sql: `SELECT elderId, positionSealed FROM elder_door WHERE elderId IN (${placeholders(elderIds)})`,
        parameters: elderIds,
      },
    ],
    of([rows]) {
      const sealed = (rows as { elderId: number; positionSealed: string | null }[]).map(
        ({ elderId, positionSealed }) => [elderId, positionSealed] as const,
      );
      const doors = new Map(sealed);
      return (elder, service) => {
        const idNumber = service?.genderRule === 'ANY' ? null : openField(cipher, 'idNumber', elder);
        const gender = idNumber === null ? null : genderOf(idNumber);
        const place = openPosition(cipher, elder.id, doors.get(elder.id) ?? null);
        return { id: elder.id, gender, place };
      };
    },
  };
}

/** What it takes to bring a service to an elder from a station. */
export function errandFor(
  service: BroughtService,
  elder: VisitedElder,
  { settingOut }: Crew,
  stationId: number,
): Errand {
  const { minutes, skill, genderRule, caregivers, preparationMinutes, bufferMinutes } = service;
  const { secondAfterMin, secondAfterMax } = service;
  return {
    minutes,
    skill,
    genderRule,
    caregivers,
    preparationMinutes,
    bufferMinutes,
    secondAfterMin,
    secondAfterMax,
    elderGender: elder.gender,
    elderPlace: elder.place,
    station: settingOut.get(stationId) ?? unknownStation,
  };
}
