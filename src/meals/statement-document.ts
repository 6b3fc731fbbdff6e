import { maskedName } from '../elders/masked-name.rules.js';
import type { Statement, StatementSums } from '../settlement/read-statement.js';
import { stateNames } from '../settlement/settlement-refusals.js';
import type { Cell, SheetColumn } from '../settlement/spreadsheet.js';
import { minuteOfDay } from '../shared/china-time.js';
import type { ShownLine } from './find-statement-lines.js';
import type { FunderShare } from './find-statements.js';

/** What stands above the lines of a statement on paper. */
export interface DocumentHead {
  statement: Statement;
  canteen: { name: string; code: string };
  /** The names of the centres above it, from the city down. */
  above: readonly string[];
}

/** The elder of a line as this reader may see them. */
export interface NamedElder {
  name: string;
  idNumber: string;
}

const mealNames: Readonly<Record<string, string>> = { BREAKFAST: '早餐', LUNCH: '午餐', DINNER: '晚餐' };
const modeNames: Readonly<Record<string, string>> = { DINE_IN: '堂食', TAKE_AWAY: '自取', DELIVERY: '送餐' };
const kindNames: Readonly<Record<string, string>> = {
  SWIPE: '就餐',
  VOID: '撤销',
  REVIEW: '复核',
  REFUND: '退款',
  DISPUTE: '争议扣减',
};
const partNames: Readonly<Record<FunderShare['part'], string>> = {
  SUBSIDY: '就餐补贴',
  DONATION: '就餐捐赠',
  OPERATOR_MEAL: '运营补贴（按餐次）',
  OPERATOR_PERSON: '运营补贴（按人次）',
  OPERATOR_MONTH: '运营补贴（按月）',
};

const fixedColumns: readonly (SheetColumn & { title: string })[] = [
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

/** The columns: those of every statement, and one for each funder that bears a part of it. */
export function documentColumns(funders: readonly { name: string }[]): SheetColumn[] {
  return [
    ...fixedColumns.map(({ width, isMoney }) => ({ width, isMoney })),
    ...funders.map(() => ({ width: 16, isMoney: true })),
  ];
}

/** Title, place, state and the heads of the columns. */
export function headRows(
  { statement, canteen, above }: DocumentHead,
  funders: readonly { name: string }[],
): Cell[][] {
  const [year, month] = statement.month.split('-');
  return [
    [`长者食堂助餐补贴结算单（${year}年${Number(month)}月）`],
    [`食堂：${canteen.name}（${canteen.code}）`],
    [`所属：${above.join(' / ')}`],
    [`状态：${stateNames[statement.state]}　版本：${statement.version}　金额单位：元`],
    [],
    [...fixedColumns.map(({ title }) => title), ...funders.map(({ name }) => `其中：${name}（元）`)],
  ];
}

export function lineRow(
  number: number,
  line: ShownLine,
  elder: NamedElder | undefined,
  funders: readonly { code: string }[],
): Cell[] {
  const borne = new Map(line.funders.map(({ code, fen }) => [code, fen]));
  return [
    number,
    line.day,
    line.swipedAt === null ? '' : timeOf(line.swipedAt),
    mealNames[line.meal ?? ''] ?? '',
    modeNames[line.mode ?? ''] ?? '',
    kindNames[line.kind] ?? line.kind,
    line.correctsMonth ?? '',
    elder?.name ?? '',
    elder?.idNumber ?? '',
    yuan(line.grossFen),
    yuan(line.subsidyFen),
    yuan(line.discountFen),
    yuan(line.selfPaidFen),
    String(line.id),
    ...funders.map(({ code }) => yuan(borne.get(code) ?? 0)),
  ];
}

/** The totals, what each funder owes, and where the four offices sign. */
export function footRows(sums: StatementSums, shares: readonly FunderShare[]): Cell[][] {
  const before = Array.from({ length: 8 }, () => null);
  const totals = [sums.grossFen, sums.subsidyFen, sums.discountFen, sums.selfPaidFen].map(yuan);
  const owedFor = (isDonation: boolean) =>
    shares.reduce((sum, { part, fen }) => ((part === 'DONATION') === isDonation ? sum + fen : sum), 0);
  const donated = shares.some(({ part }) => part === 'DONATION');
  return [
    ['合计', ...before, ...totals],
    [],
    [`餐次：${sums.units}　人数：${sums.elders}　明细：${sums.lines}`],
    ['出资方', '项目', '数量', '金额（元）'],
    ...shares.map(({ name, part, units, fen }) => [name, partNames[part], units, yuan(fen)]),
    ['应拨付合计', '', '', yuan(owedFor(false))],
    // What donors give is not paid out of public money.
    ...(donated ? [['应收捐赠合计', '', '', yuan(owedFor(true))]] : []),
    [],
    [
      '食堂经办人（签字）：',
      null,
      null,
      null,
      '街道审核人（签字）：',
      null,
      null,
      null,
      '县区签批人（签字）：',
    ],
    ['财务拨付人（签字）：', null, null, null, '日期：　　年　　月　　日'],
  ];
}

/** Nobody's name is written whole without a reason; the family name and the stars tell lines apart. */
export function maskedElder(name: string, idNumber: string): NamedElder {
  return { name: maskedName(name), idNumber };
}

/** Two decimals say every amount in fen exactly, and the nearest number prints as them. */
function yuan(fen: number): number {
  return fen / 100;
}

function timeOf(instant: Date): string {
  const minute = minuteOfDay(instant);
  const two = (part: number) => String(part).padStart(2, '0');
  return `${two(Math.floor(minute / 60))}:${two(minute % 60)}`;
}
