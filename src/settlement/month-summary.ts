import type { Facility } from '../../entities/network/facility.entity.js';
import type { Month } from '../shared/month.js';
import type { Statement, StatementSums } from './read-statement.js';
import type { FunderShare } from './settlement-kind.js';
import { stateNames } from './settlement-refusals.js';
import type { Cell, Sheet, SheetColumn } from './spreadsheet.js';
import { owedFor, type Part, partNames, yuan } from './statement-document.js';

/** What one statement comes to, as its own document has it. */
export interface SummarizedStatement {
  statement: Statement;
  facility: Pick<Facility, 'code' | 'name'>;
  sums: StatementSums;
  shares: readonly FunderShare[];
  /** What a facility of the kind is called. */
  called: string;
}

type SummaryColumn = SheetColumn & { title: string };

const ownColumns: readonly SummaryColumn[] = [
  { title: '序号', width: 8, isMoney: false },
  { title: '类别', width: 12, isMoney: false },
  { title: '机构编号', width: 18, isMoney: false },
  { title: '机构名称', width: 28, isMoney: false },
  { title: '状态', width: 10, isMoney: false },
  { title: '版本', width: 8, isMoney: false },
];

/** What of a statement is added up. */
const totalColumns: readonly (SummaryColumn & { of(summarized: SummarizedStatement): number })[] = [
  { title: '明细', width: 10, isMoney: false, of: ({ sums }) => sums.lines },
  { title: '数量（餐次/人次/床日）', width: 20, isMoney: false, of: ({ sums }) => sums.units },
  { title: '总额（元）', width: 14, isMoney: true, of: ({ sums }) => sums.grossFen },
  { title: '政府补贴（元）', width: 14, isMoney: true, of: ({ sums }) => sums.subsidyFen },
  { title: '优惠及捐赠（元）', width: 16, isMoney: true, of: ({ sums }) => sums.discountFen },
  { title: '个人自付（元）', width: 14, isMoney: true, of: ({ sums }) => sums.selfPaidFen },
  { title: '运营补贴（元）', width: 14, isMoney: true, of: ({ sums }) => sums.operatorFen },
  { title: '应拨付（元）', width: 14, isMoney: true, of: ({ shares }) => owedFor(shares, false) },
];

/** One funder's part in all statements: a column of the sheet. */
interface FunderColumn {
  code: string;
  name: string;
  part: Part;
}

/**
 * The statements of a month on one sheet in Chinese: a row for each in the order given, totals of each kind and of all,
 * and a column for whatever a funder owes. Elders are left out: those of two statements may be the same.
 */
export function monthSummary(
  month: Month,
  within: Pick<Facility, 'code' | 'name'>,
  statements: readonly SummarizedStatement[],
): Sheet {
  const funders = funderColumns(statements);
  const columns: SummaryColumn[] = [
    ...ownColumns,
    ...totalColumns.map(({ title, width, isMoney }) => ({ title, width, isMoney })),
    ...funders.map(({ name, part }) => ({
      title: `${name}${partNames[part]}（元）`,
      width: 20,
      isMoney: true,
    })),
  ];
  const [year, number] = month.split('-');
  const rows: Cell[][] = [
    [`月度结算汇总表（${year}年${Number(number)}月）`],
    [`范围：${within.name}（${within.code}）及其下级　金额单位：元`],
    [],
    columns.map(({ title }) => title),
    ...statements.map((summarized, index) => [
      index + 1,
      ...facilityCells(summarized),
      ...amounts([summarized], funders),
    ]),
    ...[...new Set(statements.map(({ called }) => called))].map((called) =>
      totalRow(
        `${called}小计`,
        statements.filter((one) => one.called === called),
        funders,
      ),
    ),
    totalRow('合计', statements, funders),
  ];
  return { name: `汇总 ${month}`, columns, rows: inTurn(rows) };
}

async function* inTurn(rows: readonly Cell[][]): AsyncGenerator<Cell[]> {
  yield* rows;
}

function facilityCells({ called, facility, statement }: SummarizedStatement): Cell[] {
  return [called, facility.code, facility.name, stateNames[statement.state], statement.version];
}

function totalRow(
  title: string,
  statements: readonly SummarizedStatement[],
  funders: readonly FunderColumn[],
): Cell[] {
  const none = Array.from({ length: ownColumns.length - 1 }, () => null);
  return [title, ...none, ...amounts(statements, funders)];
}

/** Sums in fen before they are written in yuan. */
function amounts(statements: readonly SummarizedStatement[], funders: readonly FunderColumn[]): number[] {
  const added = (of: (summarized: SummarizedStatement) => number) =>
    statements.reduce((sum, each) => sum + of(each), 0);
  return [
    ...totalColumns.map(({ isMoney, of }) => (isMoney ? yuan(added(of)) : added(of))),
    ...funders.map(({ code, part }) =>
      yuan(
        added(({ shares }) =>
          shares.reduce(
            (sum, share) => (share.code === code && share.part === part ? sum + share.fen : sum),
            0,
          ),
        ),
      ),
    ),
  ];
}

const partOrder = Object.keys(partNames);

function funderColumns(statements: readonly SummarizedStatement[]): FunderColumn[] {
  const columns = new Map<string, FunderColumn>();
  for (const { code, name, part } of statements.flatMap(({ shares }) => shares))
    columns.set(`${code} ${part}`, { code, name, part });
  const keyOf = ({ code, part }: FunderColumn) => `${code} ${partOrder.indexOf(part)}`;
  return [...columns.values()].sort((one, other) => (keyOf(one) < keyOf(other) ? -1 : 1));
}
