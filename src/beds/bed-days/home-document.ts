import type { BedType } from '../../../entities/beds/bed.entity.js';
import { type LineDocument, yuan } from '../../settlement/statement-document.js';

const kindNames: Readonly<Record<string, string>> = { STAY: '在住', CORRECT: '更正', DISPUTE: '争议扣回' };
const typeNames: Readonly<Record<BedType, string>> = {
  GENERAL: '普通',
  NURSING: '护理',
  DAY_CARE: '日托',
  HOME: '家庭',
};

const columns: LineDocument['columns'] = [
  { title: '序号', width: 8, isMoney: false },
  { title: '起始日期', width: 12, isMoney: false },
  { title: '床位', width: 20, isMoney: false },
  { title: '床位类型', width: 10, isMoney: false },
  { title: '类别', width: 10, isMoney: false },
  { title: '更正月份', width: 10, isMoney: false },
  { title: '老人姓名', width: 12, isMoney: false },
  { title: '身份证号', width: 20, isMoney: false },
  { title: '能力等级', width: 10, isMoney: false },
  { title: '在住天数', width: 10, isMoney: false },
  { title: '请假天数', width: 10, isMoney: false },
  { title: '住院天数', width: 10, isMoney: false },
  { title: '计补天数', width: 10, isMoney: false },
  { title: '应补（元）', width: 12, isMoney: true },
  { title: '补贴（元）', width: 12, isMoney: true },
  { title: '捐赠（元）', width: 12, isMoney: true },
  { title: '自付（元）', width: 12, isMoney: true },
  { title: '逐日记录', width: 34, isMoney: false },
  { title: '明细号', width: 18, isMoney: false },
];

/** A home's statement on paper. */
export const homeDocument: LineDocument = {
  title: '养老机构床日结算单',
  facility: '养老机构',
  signer: '机构经办人',
  subsidy: '床位运营',
  columns,
  before: 13,

  cells: (number, line, elder) => [
    number,
    line.day,
    line.stay?.bedName ?? '',
    line.stay === null ? '' : typeNames[line.stay.bedType],
    kindNames[line.kind] ?? line.kind,
    line.correctsMonth ?? '',
    elder?.name ?? '',
    elder?.idNumber ?? '',
    line.stay?.level ?? '未评估',
    line.stay?.presentDays ?? 0,
    line.stay?.homeLeaveDays ?? 0,
    line.stay?.hospitalDays ?? 0,
    line.stay?.countedDays ?? 0,
    yuan(line.grossFen),
    yuan(line.subsidyFen),
    yuan(line.discountFen),
    yuan(line.selfPaidFen),
    line.stay?.days ?? '',
    String(line.id),
  ],

  totals: ({ units, homeLeaveDays, hospitalDays, countedDays }) => [
    ...Array.from({ length: 8 }, () => null),
    ...[units, homeLeaveDays, hospitalDays, countedDays],
  ],

  counts: ({ units, elders, lines, homeLeaveDays, hospitalDays, countedDays }) =>
    `在住床日：${units}　请假床日：${homeLeaveDays}　住院床日：${hospitalDays}　计补床日：${countedDays}　人数：${elders}　明细：${lines}`,
};
