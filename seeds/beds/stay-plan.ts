import type { BedType } from '../../entities/beds/bed.entity.js';
import type { RoomGender } from '../../entities/beds/room.entity.js';
import type { LeaveKind } from '../../entities/beds/stay-leave.entity.js';
import { type AdmissionTerms, daysBetween } from '../../src/beds/bed.rules.js';
import { addDays, type Day } from '../../src/shared/china-time.js';
import { bitsOf, choiceOf, drawOf } from '../deterministic.js';
import type { Applicant } from './applicants.js';
import type { PlannedHome } from './homes.js';
import type { PlannedBed } from './rooms.js';

/** A stay as it is to be, before it has an id; `bed` is the place of the bed in the home's list. */
export interface PlannedStay {
  bed: number;
  applicant: Applicant;
  level: number;
  from: Day;
  to: Day | null;
  admittedOn: Day;
  /** The stay that went on as this one. */
  previous: PlannedStay | null;
  endReason: string | null;
  contractSignedOn: Day | null;
  trialEndsOn: Day;
  leaves: PlannedLeave[];
}

export interface PlannedLeave {
  kind: LeaveKind;
  fromDay: Day;
  toDay: Day | null;
  expectedBackOn: Day | null;
}

/** Elders who might come, the likeliest first; each comes once. */
export class Pool {
  private readonly waiting: Applicant[];

  constructor(applicants: readonly Applicant[]) {
    this.waiting = [...applicants];
  }

  /** The next who may live in a room and suits otherwise. */
  take(gender: RoomGender, suits: (applicant: Applicant) => boolean = () => true): Applicant | undefined {
    const place = this.waiting.findIndex(
      (applicant) => (gender === 'ANY' || gender === applicant.gender) && suits(applicant),
    );
    return place < 0 ? undefined : this.waiting.splice(place, 1)[0];
  }
}

export interface HomePlan {
  home: PlannedHome;
  beds: readonly PlannedBed[];
  pool: Pool;
  terms: Readonly<Record<BedType, AdmissionTerms>>;
  today: Day;
}

const levels: Readonly<Record<BedType, (index: number) => number>> = {
  NURSING: levelsOf([0, 25, 32, 25, 18]),
  GENERAL: levelsOf([55, 35, 10]),
  DAY_CARE: levelsOf([20, 40, 30, 10]),
  HOME: levelsOf([0, 20, 35, 30, 15]),
};

function levelsOf(weights: readonly number[]): (index: number) => number {
  return choiceOf(
    'level of a resident',
    weights.map((weight, level) => [level, weight] as const),
  );
}

/** How able somebody is who wants a bed of the type. */
export function levelFor(type: BedType, elderId: number): number {
  return levels[type](elderId);
}

const endReason = choiceOf('end of a stay', [
  ['HOME', 11],
  ['HOSPITAL', 6],
  ['OTHER_HOME', 2],
  ['TRIAL_FAILED', 1],
]);
const drawOrder = drawOf('which beds are taken');
const drawLength = drawOf('since when somebody lives there');
const drawEnded = drawOf('who lived there before');
const gapBits = bitsOf('days between two residents');
const drawMoved = drawOf('moved within the home');
const drawAway = drawOf('who is away');
const leaveBits = bitsOf('days away');

/** As many residents as the home's occupancy asks for, who lived in their beds before them, and who of them is away. */
export function planStays(plan: HomePlan): PlannedStay[] {
  const { home, beds, today } = plan;
  const key = (bed: number) => home.number * 2000 + bed;
  const places = beds.map((_, bed) => bed).sort((one, other) => drawOrder(key(one)) - drawOrder(key(other)));
  const stays: PlannedStay[] = [];
  const left = new Map(
    Object.entries(home.beds).map(([type, count]) => [type, Math.round(count * home.occupancy)]),
  );
  for (const bed of places) {
    const { type, inServiceFrom } = beds[bed] as PlannedBed;
    const wanted = left.get(type) ?? 0;
    if (wanted === 0 || inServiceFrom > addDays(today, -40)) continue;
    const stay = openStay(plan, bed, key(bed));
    if (!stay) continue;
    left.set(type, wanted - 1);
    stays.push(stay);
  }
  const open = new Map(stays.map((stay) => [stay.bed, stay]));
  for (const bed of places) {
    const before = drawEnded(key(bed)) < 0.16 ? endedStay(plan, bed, key(bed), open.get(bed)) : undefined;
    if (before) stays.push(before);
  }
  stays.push(...movedWithin(plan, stays));
  return stays;
}

function openStay(plan: HomePlan, bed: number, key: number): PlannedStay | undefined {
  const { beds, pool, today } = plan;
  const { gender, inServiceFrom } = beds[bed] as PlannedBed;
  // About a year and a third on average, and seldom more than two.
  const days = 1 + Math.floor(Math.min(-Math.log(1 - drawLength(key)) * 480, 1150));
  const wished = latest(addDays(today, -days), inServiceFrom);
  const isRegistered = ({ registeredOn }: Applicant) => addDays(registeredOn, 2) <= wished;
  const applicant = pool.take(gender, isRegistered) ?? pool.take(gender);
  if (!applicant) return undefined;
  // Where nobody was registered then, somebody came at some time since.
  const first = addDays(applicant.registeredOn, 2);
  const since = Math.max(daysBetween(first, today), 1);
  const from = wished > first ? wished : addDays(first, Math.floor(drawLength(key + 1) * since));
  const stay = stayOf(plan, { bed, applicant, from, to: null });
  stay.leaves.push(...leavesOf(stay, today));
  return stay;
}

/** Who had the bed before, and left it some days before the next came or, where nobody did, within the last year. */
function endedStay(
  plan: HomePlan,
  bed: number,
  key: number,
  next: PlannedStay | undefined,
): PlannedStay | undefined {
  const { beds, pool, today } = plan;
  const { gender, inServiceFrom } = beds[bed] as PlannedBed;
  const gap = 4 + (gapBits(key) % 40);
  const to = next ? addDays(next.from, -gap) : addDays(today, -1 - (gapBits(key) % 360));
  const wished = addDays(to, -20 - Math.floor(drawLength(key + 2) * 600));
  // The youngest file that could have been there for a fortnight.
  const applicant = pool.take(
    gender,
    ({ registeredOn }) => latest(addDays(registeredOn, 2), inServiceFrom) <= addDays(to, -14),
  );
  if (!applicant) return undefined;
  const from = latest(wished, latest(addDays(applicant.registeredOn, 2), inServiceFrom));
  return { ...stayOf(plan, { bed, applicant, from, to }), endReason: endReason(key) };
}

interface Wish {
  bed: number;
  applicant: Applicant;
  from: Day;
  to: Day | null;
}

function stayOf({ beds, terms, today }: HomePlan, { bed, applicant, from, to }: Wish): PlannedStay {
  const { type } = beds[bed] as PlannedBed;
  const trialEndsOn = addDays(from, terms[type].trialDays);
  // Whoever is on trial may sign later.
  const isSigned = trialEndsOn <= today || drawAway(applicant.elderId) < 0.6;
  return {
    ...{ bed, applicant, from, to, admittedOn: from, previous: null, endReason: null, trialEndsOn },
    level: levelFor(type, applicant.elderId),
    contractSignedOn: isSigned ? from : null,
    leaves: [],
  };
}

/** One in forty-five is away now, one in eight has been. */
function leavesOf({ from, applicant: { elderId } }: PlannedStay, today: Day): PlannedLeave[] {
  const bits = leaveBits(elderId);
  const kind = bits % 5 < 3 ? 'HOME' : 'HOSPITAL';
  const began = addDays(today, -(bits % 9));
  if (drawAway(elderId) < 0.022 && began > from) {
    return [{ kind, fromDay: began, toDay: null, expectedBackOn: addDays(today, 1 + (bits % 12)) }];
  }
  const back = addDays(today, -20 - (bits % 90));
  const left = addDays(back, -(2 + (bits % 8)));
  if (drawAway(elderId) > 0.88 && left > from) {
    return [{ kind, fromDay: left, toDay: back, expectedBackOn: back }];
  }
  return [];
}

/** A few had another bed of the home first, of the same type and for the same people, that nobody has had since. */
function movedWithin({ home, beds, today }: HomePlan, stays: readonly PlannedStay[]): PlannedStay[] {
  const used = new Set(stays.map(({ bed }) => bed));
  return stays.flatMap((stay) => {
    const days = daysBetween(stay.from, today);
    const own = beds[stay.bed] as PlannedBed;
    if (
      stay.to !== null ||
      stay.leaves.length > 0 ||
      days < 120 ||
      drawMoved(stay.applicant.elderId) > 0.03
    ) {
      return [];
    }
    if (stays.some((other) => other !== stay && other.bed === stay.bed)) return [];
    const bed = beds.findIndex(
      ({ type, gender, inServiceFrom }, place) =>
        !used.has(place) && type === own.type && gender === own.gender && inServiceFrom <= stay.from,
    );
    if (bed < 0) return [];
    used.add(bed);
    const moved = addDays(stay.from, 30 + (gapBits(home.number + stay.bed) % (days - 60)));
    const first: PlannedStay = { ...stay, bed, to: moved, endReason: 'TRANSFER', leaves: [] };
    stay.previous = first;
    stay.from = moved;
    return [first];
  });
}

function latest(one: Day, other: Day): Day {
  return one > other ? one : other;
}
