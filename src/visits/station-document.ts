import { type LineDocument, timeOf, yuan } from '../settlement/statement-document.js';

const kindNames: Readonly<Record<string, string>> = { USE: '服务', FORFEIT: '逾期取消', CORRECT: '冲回' };
const reasonNames: Readonly<Record<string, string>> = { TAPS: '签到通过', VERDICT: '人工核定' };

const columns: LineDocument['columns'] = [
  { title: '序号', width: 8, isMoney: false },
  { title: '日期', width: 12, isMoney: false },
  { title: '开始时间', width: 10, isMoney: false },
  { title: '服务项目', width: 18, isMoney: false },
  { title: '类别', width: 10, isMoney: false },
  { title: '更正月份', width: 10, isMoney: false },
  { title: '老人姓名', width: 12, isMoney: false },
  { title: '身份证号', width: 20, isMoney: false },
  { title: '服务时长（分钟）', width: 16, isMoney: false },
  { title: '使用时长（分钟）', width: 16, isMoney: false },
  { title: '核验', width: 10, isMoney: false },
  { title: '核验得分', width: 10, isMoney: false },
  { title: '服务费（元）', width: 12, isMoney: true },
  { title: '补贴（元）', width: 12, isMoney: true },
  { title: '捐赠（元）', width: 12, isMoney: true },
  { title: '自付（元）', width: 12, isMoney: true },
  // What the family has paid by the time of the export: it may pay after the month is fixed.
  { title: '家属已付（元）', width: 14, isMoney: true },
  { title: '记账号', width: 14, isMoney: false },
];

/** A home-care station's statement on paper. */
export const stationDocument: LineDocument = {
  title: '居家养老服务结算单',
  facility: '服务站',
  signer: '服务站经办人',
  subsidy: '居家服务',
  columns,
  before: 12,

  cells: (number, line, elder) => [
    number,
    line.day,
    line.visit === null ? '' : timeOf(line.visit.startsAt),
    line.visit?.serviceName ?? '',
    kindNames[line.kind] ?? line.kind,
    line.correctsMonth ?? '',
    elder?.name ?? '',
    elder?.idNumber ?? '',
    line.visit?.minutes ?? 0,
    line.visit?.hoursMinutes ?? 0,
    reasonNames[line.visit?.paidBecause ?? ''] ?? '',
    line.visit?.score ?? '',
    yuan(line.grossFen),
    yuan(line.subsidyFen),
    yuan(line.discountFen),
    yuan(line.selfPaidFen),
    // Of a visit, not of a line: what takes a use back would tell the same payment again.
    line.kind === 'CORRECT' ? '' : yuan(line.visit?.familyPaidFen ?? 0),
    String(line.id),
  ],

  counts: ({ units, elders, lines, minutes, hoursMinutes }) =>
    `服务人次：${units}　人数：${elders}　明细：${lines}　服务时长：${minutes} 分钟　使用政府时长：${hoursMinutes} 分钟`,
};
