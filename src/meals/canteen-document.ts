import { type LineDocument, timeOf, yuan } from '../settlement/statement-document.js';

const mealNames: Readonly<Record<string, string>> = { BREAKFAST: '早餐', LUNCH: '午餐', DINNER: '晚餐' };
const modeNames: Readonly<Record<string, string>> = { DINE_IN: '堂食', TAKE_AWAY: '自取', DELIVERY: '送餐' };
const kindNames: Readonly<Record<string, string>> = {
  SWIPE: '就餐',
  VOID: '撤销',
  REVIEW: '复核',
  REFUND: '退款',
  DISPUTE: '争议扣减',
};
const columns: LineDocument['columns'] = [
  { title: '序号', width: 8, isMoney: false },
  { title: '日期', width: 12, isMoney: false },
  { title: '刷卡时间', width: 10, isMoney: false },
  { title: '餐次', width: 8, isMoney: false },
  { title: '方式', width: 8, isMoney: false },
  { title: '类别', width: 10, isMoney: false },
  { title: '更正月份', width: 10, isMoney: false },
  { title: '老人姓名', width: 12, isMoney: false },
  { title: '身份证号', width: 20, isMoney: false },
  { title: '餐费（元）', width: 12, isMoney: true },
  { title: '补贴（元）', width: 12, isMoney: true },
  { title: '优惠（元）', width: 12, isMoney: true },
  { title: '自付（元）', width: 12, isMoney: true },
  { title: '记账号', width: 14, isMoney: false },
];

/** A canteen's statement on paper. */
export const canteenDocument: LineDocument = {
  title: '长者食堂助餐补贴结算单',
  facility: '食堂',
  signer: '食堂经办人',
  subsidy: '就餐',
  columns,
  before: 9,

  cells: (number, line, elder) => [
    number,
    line.day,
    line.meal === null ? '' : timeOf(line.meal.swipedAt),
    mealNames[line.meal?.meal ?? ''] ?? '',
    modeNames[line.meal?.mode ?? ''] ?? '',
    kindNames[line.kind] ?? line.kind,
    line.correctsMonth ?? '',
    elder?.name ?? '',
    elder?.idNumber ?? '',
    yuan(line.grossFen),
    yuan(line.subsidyFen),
    yuan(line.discountFen),
    yuan(line.selfPaidFen),
    String(line.id),
  ],

  counts: ({ units, elders, lines }) => `餐次：${units}　人数：${elders}　明细：${lines}`,
};
