import type { EntityManager } from 'typeorm';
import { addDays, type Day, dayOf, instantOn } from '../../src/shared/china-time.js';
import { insertRows } from '../../src/shared/statements.js';
import { bitsOf } from '../deterministic.js';
import type { HomeToFill } from './fill-home.js';
import { enteredAt } from './line-plan.js';
import { inParts } from './parts.js';
import type { PlannedStay } from './stay-plan.js';

const stayColumns = [
  ...['id', 'bedId', 'facilityId', 'elderId', 'fromDay', 'toDay', 'openBedId', 'openElderId', 'admittedOn'],
  ...['previousStayId', 'contractSignedOn', 'trialEndsOn', 'endReason', 'enteredAt', 'endedAt'],
];

/** The stays with their leaves. `stayIds` has an id for each of them; leaves take theirs from `leaveId` on. */
export async function insertStays(
  manager: EntityManager,
  { facilityId, bedIds, stays, tookOffer }: HomeToFill,
  { stayIds, leaveId }: { stayIds: ReadonlyMap<PlannedStay, number>; leaveId: number },
): Promise<void> {
  await inParts(stays, (part) =>
    insertRows(
      manager,
      'bed_stay',
      stayColumns,
      part.map((stay) => {
        const { from, to, admittedOn, previous, applicant, endReason } = stay;
        const [bedId, elderId] = [bedIds[stay.bed], applicant.elderId];
        const open = to === null ? [bedId, elderId] : [null, null];
        return [
          ...[stayIds.get(stay), bedId, facilityId, elderId, from, to, ...open, admittedOn],
          ...[previous && stayIds.get(previous), stay.contractSignedOn, stay.trialEndsOn, endReason],
          ...[enteredAt(stay, tookOffer.has(stay)).getTime(), to && instantOn(to, 10 * 60).getTime()],
        ];
      }),
    ),
  );
  let id = leaveId;
  const leaves = stays.flatMap((stay) =>
    stay.leaves.map(({ kind, fromDay, toDay, expectedBackOn }) => {
      const stayId = stayIds.get(stay);
      const open = toDay === null ? stayId : null;
      const startedAt = instantOn(fromDay, 8 * 60 + 30).getTime();
      return [id++, stayId, open, facilityId, kind, fromDay, toDay, expectedBackOn, startedAt];
    }),
  );
  const columns = ['id', 'stayId', 'openStayId', 'facilityId', 'kind', 'fromDay', 'toDay', 'expectedBackOn'];
  await inParts(leaves, (part) => insertRows(manager, 'stay_leave', [...columns, 'startedAt'], part));
}

const closureBits = bitsOf('out of service');

/** Some of the beds that nobody has: under repair, disinfected some weeks ago, or to be looked at next month. */
export async function insertClosures(
  manager: EntityManager,
  { facilityId, bedIds, byId, today, home }: HomeToFill,
  free: readonly number[],
): Promise<void> {
  const rows = free.flatMap((bed) => {
    const bits = closureBits(home.number * 2000 + bed);
    const bedId = bedIds[bed];
    const ago = 3 + ((bits >>> 8) % 50);
    const row = (fromDay: Day, toDay: Day | null, reason: string, recordedOn: Day) => [
      [bedId, facilityId, toDay === null ? bedId : null, fromDay, toDay, reason, atNine(recordedOn), byId],
    ];
    if (bits % 100 < 3) return row(addDays(today, -ago), null, 'REPAIR', addDays(today, -ago));
    const past = addDays(today, -60 - ago);
    if (bits % 100 < 5) return row(past, addDays(past, 9), 'DISINFECTION', past);
    if (bits % 100 < 6) {
      return row(addDays(today, 20), addDays(today, 24), 'INSPECTION', addDays(today, -1));
    }
    return [];
  });
  const columns = [
    'bedId',
    'facilityId',
    'openBedId',
    'fromDay',
    'toDay',
    'reason',
    'recordedAt',
    'recordedById',
  ];
  await inParts(rows, (part) => insertRows(manager, 'bed_out_of_service', columns, part));
}

function atNine(day: Day): number {
  return instantOn(day, 9 * 60).getTime();
}

/** Every ninth home asks another one of its county to take somebody over, and hears nothing yet or a no. */
export async function insertTransfers(
  manager: EntityManager,
  { home, byId, today, stays }: HomeToFill,
  {
    id,
    stayIds,
    other,
  }: {
    id: number;
    stayIds: ReadonlyMap<PlannedStay, number>;
    other: { facilityId: number; byId: number; sealed: string } | undefined;
  },
): Promise<void> {
  const isDeclined = home.number % 9 === 7;
  if (!other || (home.number % 9 !== 4 && !isDeclined)) return;
  const asked = instantOn(addDays(today, isDeclined ? -16 : -2), 9 * 60 + 20);
  const stay = stays.find(
    ({ to, leaves, from }) => to === null && leaves.length === 0 && from < addDays(dayOf(asked), -20),
  );
  if (!stay) return;
  const stayId = stayIds.get(stay);
  const onDay = addDays(dayOf(asked), 7);
  const columns = ['id', 'stayId', 'openStayId', 'toFacilityId', 'onDay', 'state', 'askedAt', 'askedById'];
  const row = [id, stayId, isDeclined ? null : stayId, other.facilityId, onDay];
  const answered = isDeclined ? [asked.getTime() + 90_000_000, other.byId, other.sealed] : [null, null, null];
  await insertRows(
    manager,
    'stay_transfer',
    [...columns, 'answeredAt', 'answeredById', 'answerSealed'],
    [[...row, isDeclined ? 'DECLINED' : 'ASKED', asked.getTime(), byId, ...answered]],
  );
}
