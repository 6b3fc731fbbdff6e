import type { GenderRule, ServiceGroup } from '../../../entities/visits/home-service.entity.js';

/** A service of the catalogue, before it has an id. */
export interface PlannedService {
  code: string;
  group: ServiceGroup;
  nameZh: string;
  nameEn: string;
  minutes: number;
  fen: number;
  skill: string | null;
  caregivers: number;
  preparationMinutes: number;
  bufferMinutes: number;
  genderRule: GenderRule;
}

/** The first day of the prices below. */
export const pricesFrom = '2023-06-01';

const plain = {
  skill: null,
  caregivers: 1,
  preparationMinutes: 0,
  bufferMinutes: 5,
  genderRule: 'ANY',
} as const;

/**
 * The seven groups of GB/T 43153-2023, and in them what stations offer every day: 助餐, 助浴, 助洁, 助医, 助行, 助急.
 * That bathing takes two, and one of the elder's own gender, is the custom of the field. Minutes and prices are
 * our assumption for the demo city: no source names them for Nanyang.
 */
export const homeServices: readonly PlannedService[] = [
  {
    ...plain,
    code: 'MEAL-HELP',
    group: 'DAILY_CARE',
    nameZh: '助餐',
    nameEn: 'Help with a meal',
    minutes: 60,
    fen: 3000,
  },
  {
    ...plain,
    code: 'BATHING',
    group: 'DAILY_CARE',
    nameZh: '助浴',
    nameEn: 'Help with bathing',
    minutes: 90,
    fen: 12_000,
    skill: 'BATHING',
    caregivers: 2,
    preparationMinutes: 15,
    bufferMinutes: 10,
    genderRule: 'SAME',
  },
  {
    ...plain,
    code: 'CLEANING',
    group: 'DAILY_CARE',
    nameZh: '助洁',
    nameEn: 'Cleaning',
    minutes: 120,
    fen: 6000,
  },
  {
    ...plain,
    code: 'WALKING',
    group: 'DAILY_CARE',
    nameZh: '助行',
    nameEn: 'Going out together',
    minutes: 60,
    fen: 3000,
  },
  {
    ...plain,
    code: 'URGENT-HELP',
    group: 'DAILY_CARE',
    nameZh: '助急',
    nameEn: 'Help in an urgent need',
    minutes: 60,
    fen: 5000,
  },
  {
    ...plain,
    code: 'PERSONAL-CARE',
    group: 'BASIC_NURSING',
    nameZh: '身体照护',
    nameEn: 'Personal care',
    minutes: 60,
    fen: 5000,
    skill: 'NURSING',
    genderRule: 'SAME',
  },
  {
    ...plain,
    code: 'REHABILITATION',
    group: 'BASIC_NURSING',
    nameZh: '康复训练',
    nameEn: 'Exercises',
    minutes: 60,
    fen: 8000,
    skill: 'REHABILITATION',
  },
  {
    ...plain,
    code: 'HEALTH-CHECK',
    group: 'HEALTH',
    nameZh: '健康监测',
    nameEn: 'Blood pressure and sugar',
    minutes: 30,
    fen: 2000,
    skill: 'NURSING',
  },
  {
    ...plain,
    code: 'CLINIC-ESCORT',
    group: 'HEALTH',
    nameZh: '助医',
    nameEn: 'Going to the doctor',
    minutes: 120,
    fen: 8000,
  },
  {
    ...plain,
    code: 'LOOK-IN',
    group: 'VISITING',
    nameZh: '上门探访',
    nameEn: 'A look in',
    minutes: 30,
    fen: 1500,
  },
  {
    ...plain,
    code: 'COMPANY',
    group: 'COMFORT',
    nameZh: '陪伴聊天',
    nameEn: 'Company',
    minutes: 60,
    fen: 2500,
  },
  {
    ...plain,
    code: 'ERRAND',
    group: 'ERRANDS',
    nameZh: '代购代办',
    nameEn: 'Shopping and errands',
    minutes: 60,
    fen: 2500,
  },
  {
    ...plain,
    code: 'HOME-ADAPTATION',
    group: 'ADAPTATION',
    nameZh: '居家适老化评估',
    nameEn: 'Assessing the home',
    minutes: 90,
    fen: 10_000,
    skill: 'ADAPTATION',
  },
];
