import type { Text } from '../../shared/text.js';

export const thresholdUnits = [
  'SWIPES',
  'CARDS',
  'SECONDS',
  'MINUTES',
  'HOURS',
  'DAYS',
  'KMH',
  'METERS',
  'PERCENT',
] as const;
export type ThresholdUnit = (typeof thresholdUnits)[number];

interface ThresholdKind {
  unit: ThresholdUnit;
  /** What an administrator may set it to. */
  min: number;
  max: number;
  means: Text;
}

/**
 * The numbers that signs of fraud are held against. Their values are rows with a first day (flag_threshold), those
 * that the system comes with among them.
 */
export const thresholdKinds = {
  MANY_CARDS_COUNT: {
    unit: 'CARDS',
    min: 2,
    max: 1000,
    means: { zh: '短时间内同一刷卡机出现的不同卡数', en: 'so many different cards on one reader are many' },
  },
  MANY_CARDS_SECONDS: {
    unit: 'SECONDS',
    min: 1,
    max: 3600,
    means: { zh: '上述卡数须出现在此时间内', en: 'when they come within this time' },
  },
  TRAVEL_KMH: {
    unit: 'KMH',
    min: 1,
    max: 500,
    means: { zh: '老人出行的最快速度', en: 'nobody travels faster' },
  },
  TRAVEL_METERS_MIN: {
    unit: 'METERS',
    min: 1,
    max: 1_000_000,
    means: { zh: '相距不足此数的食堂不比较', en: 'canteens that lie closer are not compared' },
  },
  TRAVEL_COUNTY_MINUTES: {
    unit: 'MINUTES',
    min: 0,
    max: 1440,
    means: {
      zh: '未登记位置时，跨区县至少需要的时间',
      en: 'what a way to another county takes at least where positions are not known',
    },
  },
  STAY_SWIPES: {
    unit: 'SWIPES',
    min: 1,
    max: 100,
    means: { zh: '入住机构期间一天的刷卡次数', en: 'so many swipes on a day during a stay' },
  },
  ENDED_SWIPES: {
    unit: 'SWIPES',
    min: 1,
    max: 100,
    means: { zh: '档案结束后一天的刷卡次数', en: 'so many swipes on a day after the file ended' },
  },
  OUTSIDE_COUNT: {
    unit: 'SWIPES',
    min: 1,
    max: 10_000,
    means: { zh: '一天供餐时段外的刷卡次数', en: 'so many swipes outside the windows of a day' },
  },
  BACKFILL_HOURS: {
    unit: 'HOURS',
    min: 1,
    max: 1440,
    means: { zh: '刷卡后多久上传算补传', en: 'uploaded later than this after the tap' },
  },
  BACKFILL_COUNT: {
    unit: 'SWIPES',
    min: 1,
    max: 10_000,
    means: { zh: '一天补传的次数', en: 'so many late uploads of one day' },
  },
  SEATS_PERCENT: {
    unit: 'PERCENT',
    min: 10,
    max: 1000,
    means: {
      zh: '堂食人数最多可达座位数与轮次之积的百分比',
      en: 'so many of the seats, times the seatings, can be filled',
    },
  },
  ORDER_CARDS: {
    unit: 'CARDS',
    min: 5,
    max: 10_000,
    means: { zh: '少于此数的刷卡顺序不比较', en: 'shorter orders of cards are not compared' },
  },
  ORDER_PERCENT: {
    unit: 'PERCENT',
    min: 10,
    max: 100,
    means: {
      zh: '相邻两天同序卡片的占比',
      en: 'so many of the cards came in the same order as the day before',
    },
  },
  ORDER_DAYS: {
    unit: 'DAYS',
    min: 2,
    max: 7,
    means: { zh: '连续多少个供餐日', en: 'on so many days of meals in a row' },
  },
  OWN_DELIVERIES_COUNT: {
    unit: 'SWIPES',
    min: 1,
    max: 10_000,
    means: {
      zh: '同一人一天既下单又签收的送餐份数',
      en: 'so many meals of a day that one person ordered and handed over',
    },
  },
} as const satisfies Record<string, ThresholdKind>;

export type ThresholdName = keyof typeof thresholdKinds;
export const thresholdNames = Object.keys(thresholdKinds) as ThresholdName[];

/** The numbers in force on one day. */
export type Thresholds = Readonly<Record<ThresholdName, number>>;
