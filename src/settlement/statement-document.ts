import { maskedName } from '../elders/masked-name.rules.js';
import { minuteOfDay } from '../shared/china-time.js';
import type { Statement, StatementSums } from './read-statement.js';
import type { FunderShare } from './settlement-kind.js';
import { stateNames } from './settlement-refusals.js';
import type { ShownLine } from './shown-line.js';
import type { Cell, SheetColumn } from './spreadsheet.js';

/** What stands above the lines of a statement on paper. */
export interface DocumentHead {
  statement: Statement;
  facility: { name: string; code: string };
  /** The names of the centres above it, from the city down. */
  above: readonly string[];
}

/** The elder of a line as this reader may see them. */
export interface NamedElder {
  name: string;
  idNumber: string;
}

export type Part = FunderShare['part'];

export const partNames: Readonly<Record<Part, string>> = {
  SUBSIDY: '补贴',
  DONATION: '捐赠',
  OPERATOR_MEAL: '运营补贴（按餐次）',
  OPERATOR_PERSON: '运营补贴（按人次）',
  OPERATOR_MONTH: '运营补贴（按月）',
};

/** How a kind of facility writes its lines on paper. Each has its amounts in four columns, one after the other. */
export interface LineDocument {
  /** What it is, before the month. */
  title: string;
  /** What the facility is called, and who of it signs. */
  facility: string;
  signer: string;
  columns: readonly (SheetColumn & { title: string })[];
  /** How many columns stand before those of the amounts. */
  before: number;
  /** The cells of a line, without those of its funders. */
  cells(number: number, line: ShownLine, elder: NamedElder | undefined): Cell[];
  /** What of the columns before those of the amounts has a total, from the second on; nothing where none has. */
  totals?(sums: StatementSums): Cell[];
  /** What is counted, above what funders owe. */
  counts(sums: StatementSums): string;
  /** For what a funder owes its part of the lines. */
  subsidy: string;
}

/** The columns: those of the kind, and one for each funder that bears a part of it. */
export function documentColumns(
  { columns }: LineDocument,
  funders: readonly { name: string }[],
): SheetColumn[] {
  return [
    ...columns.map(({ width, isMoney }) => ({ width, isMoney })),
    ...funders.map(() => ({ width: 16, isMoney: true })),
  ];
}

/** Title, place, state and the heads of the columns. */
export function headRows(
  { title, facility: called, columns }: LineDocument,
  { statement, facility, above }: DocumentHead,
  funders: readonly { name: string }[],
): Cell[][] {
  const [year, month] = statement.month.split('-');
  return [
    [`${title}（${year}年${Number(month)}月）`],
    [`${called}：${facility.name}（${facility.code}）`],
    [`所属：${above.join(' / ')}`],
    [`状态：${stateNames[statement.state]}　版本：${statement.version}　金额单位：元`],
    [],
    [...columns.map((column) => column.title), ...funders.map(({ name }) => `其中：${name}（元）`)],
  ];
}

export function lineRow(
  document: LineDocument,
  { number, line, elder }: { number: number; line: ShownLine; elder: NamedElder | undefined },
  funders: readonly { code: string }[],
): Cell[] {
  const borne = new Map<string, number>();
  // A decision to leave a subsidy as it was paid takes it from a funder and gives it back in one posting.
  for (const { code, fen } of line.funders) borne.set(code, (borne.get(code) ?? 0) + fen);
  return [...document.cells(number, line, elder), ...funders.map(({ code }) => yuan(borne.get(code) ?? 0))];
}

/** The totals, what each funder owes, and where the four offices sign. */
export function footRows(
  document: LineDocument,
  sums: StatementSums,
  shares: readonly FunderShare[],
): Cell[][] {
  const before = document.totals?.(sums) ?? Array.from({ length: document.before - 1 }, () => null);
  // Beneath the first column of amounts, where a sheet writes them with two decimals.
  const withAmount = (first: readonly Cell[], amount: Cell): Cell[] => [
    ...first,
    ...Array.from({ length: document.before - first.length }, () => null),
    amount,
  ];
  const totals = [sums.grossFen, sums.subsidyFen, sums.discountFen, sums.selfPaidFen].map(yuan);
  const donated = shares.some(({ part }) => part === 'DONATION');
  const nameOf = (part: Part) =>
    part === 'SUBSIDY' || part === 'DONATION' ? `${document.subsidy}${partNames[part]}` : partNames[part];
  return [
    ['合计', ...before, ...totals],
    [],
    [document.counts(sums)],
    withAmount(['出资方', '项目', '数量'], '金额（元）'),
    ...shares.map(({ name, part, units, fen }) => withAmount([name, nameOf(part), units], yuan(fen))),
    withAmount(['应拨付合计'], yuan(owedFor(shares, false))),
    // What donors give is not paid out of public money.
    ...(donated ? [withAmount(['应收捐赠合计'], yuan(owedFor(shares, true)))] : []),
    [],
    [
      `${document.signer}（签字）：`,
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

/** What is paid out of public money, or what donors give beside it, in fen. */
export function owedFor(shares: readonly FunderShare[], isDonation: boolean): number {
  return shares.reduce((sum, { part, fen }) => ((part === 'DONATION') === isDonation ? sum + fen : sum), 0);
}

/** Nobody's name is written whole without a reason; the family name and the stars tell lines apart. */
export function maskedElder(name: string, idNumber: string): NamedElder {
  return { name: maskedName(name), idNumber };
}

/** Two decimals say every amount in fen exactly, and the nearest number prints as them. */
export function yuan(fen: number): number {
  return fen / 100;
}

export function timeOf(instant: Date): string {
  const minute = minuteOfDay(instant);
  const two = (part: number) => String(part).padStart(2, '0');
  return `${two(Math.floor(minute / 60))}:${two(minute % 60)}`;
}
