import { parseCsv } from 'hucre/csv';
import { readXlsx } from 'hucre/xlsx';

/** What a statement's document says at its foot and what its lines add up to, in fen. */
export interface DocumentTotals {
  lines: number;
  grossFen: number;
  subsidyFen: number;
  discountFen: number;
  selfPaidFen: number;
  /** What is paid out: subsidies, and what the operator gets. */
  owedFen: number;
  /** How the foot differs from the lines above it; empty when they agree. */
  faults: string[];
}

type Row = readonly unknown[];

export async function readDocument(format: 'csv' | 'xlsx', bytes: Buffer): Promise<DocumentTotals> {
  if (format === 'csv') return totalsOf(parseCsv(bytes.toString('utf8')) as Row[]);
  const { sheets } = await readXlsx(bytes);
  return totalsOf((sheets[0]?.rows ?? []) as Row[]);
}

/** A canteen's heads, and those of a home-care station and of a home. */
const columns = [
  ['grossFen', ['餐费（元）', '服务费（元）', '应补（元）']],
  ['subsidyFen', ['补贴（元）']],
  ['discountFen', ['优惠（元）', '捐赠（元）']],
  ['selfPaidFen', ['自付（元）']],
] as const;

/** As a person would check it: every line is added up, and held against the totals that are printed. */
function totalsOf(rows: readonly Row[]): DocumentTotals {
  const headAt = rows.findIndex(([head]) => head === '序号');
  const totalAt = rows.findIndex(([head]) => head === '合计');
  const heads = rows[headAt] ?? [];
  const lines = rows.slice(headAt + 1, totalAt);
  // What funders owe stands beneath the first amounts of the lines.
  const amountAt = heads.findIndex((head) => columns[0][1].some((title) => title === head));
  const totals: DocumentTotals = {
    lines: lines.length,
    grossFen: 0,
    subsidyFen: 0,
    discountFen: 0,
    selfPaidFen: 0,
    owedFen: fenOf(rows.find(([head]) => head === '应拨付合计')?.[amountAt]),
    faults: headAt < 0 || totalAt < 0 ? ['the document has no lines or no totals'] : [],
  };
  for (const [name, titles] of columns) {
    const title = titles.find((each) => heads.includes(each)) ?? titles[0];
    const place = heads.indexOf(title);
    totals[name] = lines.reduce((sum, line) => sum + fenOf(line[place]), 0);
    const printed = fenOf(rows[totalAt]?.[place]);
    if (printed !== totals[name]) totals.faults.push(`${title} ${printed} against ${totals[name]}`);
  }
  heads.forEach((head, place) => {
    const [, funder] = /^其中：(.+)（元）$/.exec(String(head)) ?? [];
    if (funder === undefined) return;
    const borne = lines.reduce((sum, line) => sum + fenOf(line[place]), 0);
    const owed = rows.slice(totalAt).filter(([name, part]) => name === funder && isOfLines(part));
    const printed = owed.reduce((sum, row) => sum + fenOf(row[amountAt]), 0);
    if (printed !== borne) totals.faults.push(`${funder} ${printed} against ${borne}`);
  });
  return totals;
}

/** What an operator gets stands in no line. */
function isOfLines(part: unknown): boolean {
  return /(补贴|捐赠)$/.test(String(part));
}

/** Yuan with two decimals, as a number or a text. */
function fenOf(cell: unknown): number {
  return Math.round(Number(cell ?? 0) * 100);
}
