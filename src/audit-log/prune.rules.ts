import type { Day } from '../shared/china-time.js';

/** The Cybersecurity Law has logs kept for six months at least; no option shortens that. */
export const keptMonths = 6;

/** The latest day before which records may be pruned; of a day that the earlier month has not, its last one. */
export function latestPruneDay(today: Day): Day {
  const [year = 0, month = 0, day = 0] = today.split('-').map(Number);
  const months = year * 12 + (month - 1) - keptMonths;
  const lastOfMonth = new Date(Date.UTC(Math.floor(months / 12), (months % 12) + 1, 0)).getUTCDate();
  const parts = [Math.floor(months / 12), (months % 12) + 1, Math.min(day, lastOfMonth)];
  return parts.map((part, index) => String(part).padStart(index === 0 ? 4 : 2, '0')).join('-');
}
