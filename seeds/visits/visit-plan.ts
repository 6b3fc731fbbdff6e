import { type Day, instantOn } from '../../src/shared/china-time.js';
import { bitsOf, drawOf } from '../deterministic.js';
import { homeServices } from '../reference/home-services/home-services.js';

/** A visit of the demonstration, before it has an id. */
export interface PlannedVisit {
  requestId: string;
  elderId: number;
  serviceCode: string;
  startsAt: Date;
  endsAt: Date;
  subsidyFen: number;
  selfPaidFen: number;
}

/** When visits begin, in minutes of the day: far enough apart for an hour's visit and the way to the next. */
const starts = [9 * 60, 10 * 60 + 30, 14 * 60, 15 * 60 + 30];

const alone = homeServices.filter(({ caregivers, minutes }) => caregivers === 1 && minutes <= 60);
const elderBits = bitsOf('visited elder');
const serviceBits = bitsOf('visit service');
const drawPaid = drawOf('visit paid by hours');

/** The visits of one caregiver on a day, no elder twice: always the same for a day and the same elders. */
export function plannedVisits(day: Day, elderIds: readonly number[]): PlannedVisit[] {
  const dayNumber = Date.parse(day) / 86_400_000;
  const waiting = [...elderIds];
  return starts.slice(0, elderIds.length).map((minute, slot) => {
    const index = dayNumber * starts.length + slot;
    const [elderId] = waiting.splice(elderBits(index) % waiting.length, 1) as [number];
    const service = alone[serviceBits(index) % alone.length] as (typeof alone)[number];
    const byHours = drawPaid(index) < 0.5;
    return {
      requestId: `5ee00000-0000-4000-8000-${String(index).padStart(12, '0')}`,
      elderId,
      serviceCode: service.code,
      startsAt: instantOn(day, minute),
      endsAt: instantOn(day, minute + service.minutes),
      subsidyFen: byHours ? service.fen : 0,
      selfPaidFen: byHours ? 0 : service.fen,
    };
  });
}
