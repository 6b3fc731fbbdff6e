import { addDays, type Day } from '../../../src/shared/china-time.js';

/** Days off that hang together, and the weekend days that are worked for them. */
interface Holiday {
  nameZh: string;
  nameEn: string;
  from: Day;
  /** The last day off. */
  to: Day;
  worked: readonly Day[];
}

/** By the State Council's notice of 4 November 2025 on the holidays of 2026 (国务院办公厅). */
const holidays2026: readonly Holiday[] = [
  { nameZh: '元旦', nameEn: 'New Year', from: '2026-01-01', to: '2026-01-03', worked: ['2026-01-04'] },
  {
    nameZh: '春节',
    nameEn: 'Spring Festival',
    from: '2026-02-15',
    to: '2026-02-23',
    worked: ['2026-02-14', '2026-02-28'],
  },
  { nameZh: '清明节', nameEn: 'Tomb-Sweeping Day', from: '2026-04-04', to: '2026-04-06', worked: [] },
  { nameZh: '劳动节', nameEn: 'Labour Day', from: '2026-05-01', to: '2026-05-05', worked: ['2026-05-09'] },
  { nameZh: '端午节', nameEn: 'Dragon Boat Festival', from: '2026-06-19', to: '2026-06-21', worked: [] },
  { nameZh: '中秋节', nameEn: 'Mid-Autumn Festival', from: '2026-09-25', to: '2026-09-27', worked: [] },
  {
    nameZh: '国庆节',
    nameEn: 'National Day',
    from: '2026-10-01',
    to: '2026-10-07',
    worked: ['2026-09-20', '2026-10-10'],
  },
];

export interface HolidayRow {
  day: Day;
  kind: 'HOLIDAY' | 'WORKDAY';
  nameZh: string;
  nameEn: string;
}

/** One row for each day of the notice. */
export function publicHolidays(): HolidayRow[] {
  return holidays2026.flatMap(({ nameZh, nameEn, from, to, worked }) => {
    const days: Day[] = [];
    for (let day = from; day <= to; day = addDays(day, 1)) days.push(day);
    return [
      ...days.map((day) => ({ day, kind: 'HOLIDAY' as const, nameZh, nameEn })),
      ...worked.map((day) => ({ day, kind: 'WORKDAY' as const, nameZh, nameEn })),
    ];
  });
}
