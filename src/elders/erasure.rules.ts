import { addDays, type Day } from '../shared/china-time.js';

/** What stands in place of a name, or of a text about somebody, that was erased. */
export const erasedText = '已清除';

/** The first day on which a file that ended on `endedOn` may be erased. */
export function erasableFrom(endedOn: Day, retentionDays: number): Day {
  return addDays(endedOn, retentionDays);
}

/** Of a birth date the year alone stays: it dates no person, and statistics by age still hold. */
export function erasedBirthDate(birthDate: Day): Day {
  return `${birthDate.slice(0, 4)}-01-01`;
}
