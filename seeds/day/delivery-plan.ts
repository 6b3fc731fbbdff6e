import type { ComeBackReason, DeliveryState } from '../../entities/meals/delivery-order.entity.js';
import { completedYears } from '../../src/shared/china-time.js';
import { demoElder } from '../elders/demo-elder.js';
import { isLostCard, lunch } from './lunch-plan.js';

/** What a delivery is there to show. */
export type DeliveryStory =
  | 'BY_CODE'
  /** The elder says another code first, and then the right one. */
  | 'WRONG_CODE_FIRST'
  /** Handed over against a photo; the courier sends it twice. */
  | 'BY_PHOTO'
  | 'CAME_BACK'
  /** The elder’s side calls it off before the cutoff. */
  | 'CALLED_OFF';

/** How each is to end. */
export const storyEnds: Record<DeliveryStory, DeliveryState> = {
  BY_CODE: 'HANDED_OVER',
  WRONG_CODE_FIRST: 'HANDED_OVER',
  BY_PHOTO: 'HANDED_OVER',
  CAME_BACK: 'CAME_BACK',
  CALLED_OFF: 'CANCELLED',
};

const stories: readonly DeliveryStory[] = [
  'BY_CODE',
  'BY_CODE',
  'CAME_BACK',
  'BY_PHOTO',
  'CALLED_OFF',
  'BY_CODE',
  'WRONG_CODE_FIRST',
  'BY_CODE',
];

/** The story of the delivery `index`: of eight, six are handed over. */
export function storyOf(index: number): DeliveryStory {
  return stories[index % stories.length] as DeliveryStory;
}

const reasons: readonly ComeBackReason[] = ['NOBODY_AT_HOME', 'REFUSED_BY_ELDER', 'OTHER', 'IN_HOSPITAL'];

/** Why the meal `index` comes back. */
export function reasonOf(index: number): { reason: ComeBackReason; text: string | null } {
  const reason = reasons[Math.floor(index / stories.length) % reasons.length] as ComeBackReason;
  return { reason, text: reason === 'OTHER' ? '电梯停运' : null };
}

/** Meals in a courier's bag that go out in one lunch. */
export const deliveriesWanted = 24;

/** The minute at which the courier is at the door that comes `place` after the first of so many. */
export function minuteAtDoor(place: number, doors: number): number {
  const from = lunch.rushFrom;
  return from + Math.floor((place * (lunch.rushTo - from)) / Math.max(doors, 1));
}

/** Each day begins further on among those who are entitled, so that nobody's money is eaten up first. */
const candidatesPerMeal = 4;

/**
 * Elders of a county, of the first `elders` of the city, for whom meals may be brought on that day: more than are
 * wanted, because some have no money left; nobody who is away from home. They come to no canteen on that day.
 */
export function deliveryCandidates(
  { countyCode, elders, day }: { countyCode: string; elders: number; day: string },
  dayNumber: number,
  isAway: (elder: number) => boolean = () => false,
): number[] {
  const entitled: number[] = [];
  for (let elder = elders - 1; elder >= 0; elder -= 1) {
    const { homeStationCode, birthDate, categories } = demoElder(elder);
    if (!homeStationCode.startsWith(countyCode) || isLostCard(elder) || isAway(elder)) continue;
    if (completedYears(birthDate, day) >= 80 || categories.includes('DISABLED')) entitled.push(elder);
  }
  const from = (dayNumber * deliveriesWanted) % Math.max(entitled.length, 1);
  const rotated = [...entitled.slice(from), ...entitled.slice(0, from)];
  return rotated.slice(0, candidatesPerMeal * deliveriesWanted);
}
