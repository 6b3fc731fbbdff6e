import { type Day, dayOf } from '../shared/china-time.js';
import { type Choice, type ChosenCaregiver, chooseCaregivers } from './choose-caregivers.rules.js';
import type { Bringer, BusyTime, Errand, Times } from './free-times.rules.js';

/** Why a visit cannot be at a time, in order of precedence. */
export type TimeTrouble = 'TIME_OUT_OF_RANGE' | 'ELDER_BUSY' | 'NO_CAREGIVER_FREE';

/** Which of the starts is the trouble, counted from 0. */
export interface Misfit {
  trouble: TimeTrouble;
  index: number;
}

export interface Placed extends Times {
  caregivers: readonly ChosenCaregiver[];
}

export interface TimesToPlace {
  startsMs: readonly number[];
  /** Who must be among those who come: to all of them, or to each by itself. */
  wishedId: number | null | readonly (number | null)[];
  /** Of each by itself, who was to come until now. */
  presentIds?: readonly (readonly number[])[];
}

interface Table {
  elderId?: number;
  errand: Errand;
  bringers: readonly Bringer[];
  elderBusy: readonly Times[];
  daysAway: ReadonlySet<Day>;
  visitsBefore: ReadonlyMap<number, number>;
}

/**
 * Finds caregivers for all of these visits to one elder, each as if those before it were booked; or the first trouble of
 * the gravest kind. All or none.
 */
export function placeVisits(
  table: Table,
  { startsMs, wishedId, presentIds }: TimesToPlace,
): Placed[] | Misfit {
  const { errand, daysAway } = table;
  const times = startsMs.map((fromMs) => ({ fromMs, toMs: fromMs + errand.minutes * 60_000 }));
  const away = times.findIndex((time) => daysOf(time).some((day) => daysAway.has(day)));
  if (away >= 0) return { trouble: 'TIME_OUT_OF_RANGE', index: away };
  const busy = times.findIndex((time, index) =>
    [...table.elderBusy, ...times.slice(0, index)].some((other) => overlap(time, other)),
  );
  if (busy >= 0) return { trouble: 'ELDER_BUSY', index: busy };
  let bringers = table.bringers;
  const placed: Placed[] = [];
  for (const [index, time] of times.entries()) {
    const choice: Choice = {
      ...(table.elderId === undefined ? {} : { elderId: table.elderId }),
      visitsBefore: table.visitsBefore,
      wishedId: typeof wishedId === 'object' && wishedId !== null ? (wishedId[index] ?? null) : wishedId,
      presentIds: presentIds?.[index] ?? [],
    };
    const caregivers = chooseCaregivers(bringers, errand, time.fromMs, choice);
    if (!caregivers) return { trouble: 'NO_CAREGIVER_FREE', index };
    placed.push({ ...time, caregivers });
    if (times.length > 1) bringers = withVisit(bringers, errand, caregivers);
  }
  return placed;
}

/** The days that a time touches; no visit is longer than a day. */
function daysOf({ fromMs, toMs }: Times): Day[] {
  return [dayOf(new Date(fromMs)), dayOf(new Date(toMs - 1))];
}

function overlap(one: Times, other: Times): boolean {
  return one.fromMs < other.toMs && other.fromMs < one.toMs;
}

/** The same caregivers with one more visit to bring. */
export function withVisit<Who extends Bringer>(
  bringers: readonly Who[],
  {
    preparationMinutes,
    bufferMinutes,
    elderPlace,
  }: Pick<Errand, 'preparationMinutes' | 'bufferMinutes' | 'elderPlace'>,
  caregivers: readonly ChosenCaregiver[],
): Who[] {
  return bringers.map((bringer) => {
    const part = caregivers.find(({ caregiverId }) => caregiverId === bringer.id);
    if (!part) return bringer;
    const { fromMs, toMs } = part;
    const more: BusyTime = {
      visitId: 0,
      fromMs,
      toMs,
      preparationMinutes,
      bufferMinutes,
      place: elderPlace,
    };
    const busy = [...bringer.busy, more].sort((one, other) => one.fromMs - other.fromMs);
    return { ...bringer, busy };
  });
}
