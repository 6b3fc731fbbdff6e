import { parseCsv } from 'hucre/csv';
import { readXlsx } from 'hucre/xlsx';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { recordsOf } from '../support/audit-trail.js';
import { at, type Office, openOffice } from '../support/settlement.js';

let office: Office;

/** What somebody might call an elder so that a spreadsheet runs it or breaks. */
const hostileNames = ['=HYPERLINK("http://x","王")', '＋1', '@SUM(A1)', '王"小,明', '-2+3', '欧阳\u0001修'];

beforeAll(async () => {
  office = await openOffice();
  for (const name of hostileNames) await office.eat(await office.diner(name), '2026-03-11');
  await office.eat(await office.diner('王小明'), '2026-03-31', '2026-04-01T00:10:00');
  office.server.clock.set(at('2026-05-01T09:00:00'), 0);
  expect(await office.step('canteen', 'submitStatement', '2026-03')).toBe('SUBMITTED');
});
afterAll(() => office.server.close());

const file = (format: string) => `${office.canteenId}/2026-03.${format}`;
type Row = (string | number | boolean | Date | null)[];

async function xlsxRows(bytes: Buffer): Promise<Row[]> {
  const { sheets } = await readXlsx(bytes);
  return sheets[0]?.rows ?? [];
}

/** What the ledger has of the canteen in March, in fen, read without a statement. */
async function ledgerSums() {
  const [row]: Record<string, number | string>[] = await office.server.database.read((manager) =>
    manager.query(
      `SELECT SUM(CASE WHEN a.kind = 'CANTEEN_RECEIVABLE' THEN n.fen ELSE 0 END) AS gross,
              SUM(CASE WHEN a.kind = 'FUNDER' THEN -n.fen ELSE 0 END) AS subsidy,
              SUM(CASE WHEN a.kind = 'ELDER' THEN -n.fen ELSE 0 END) AS self
         FROM ledger_posting p JOIN ledger_entry n ON n.postingId = p.id
         JOIN ledger_account a ON a.id = n.accountId
        WHERE p.kind = 'SWIPE' AND p.bookedOn <= '2026-03-31'`,
    ),
  );
  return { gross: Number(row?.gross), subsidy: Number(row?.subsidy), self: Number(row?.self) };
}

describe('as a spreadsheet', () => {
  it('adds up to the ledger, line by line and funder by funder', async () => {
    const { status, headers, bytes } = await office.download('finance', file('xlsx'));
    expect(status).toBe(200);
    expect(headers).toMatchObject({
      'content-type': 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
      'content-disposition': `attachment; filename="statement-${office.canteenId}-2026-03.xlsx"`,
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
    });
    const rows = await xlsxRows(bytes);
    expect(rows[0]?.[0]).toBe('长者食堂助餐补贴结算单（2026年3月）');
    expect(rows[2]?.[0]).toBe('所属：CITY / COUNTY / STREET');
    expect(rows[3]?.[0]).toContain('状态：已提交');
    const heads = rows[5] ?? [];
    const column = (title: string) => heads.indexOf(title);
    const lines = rows.slice(6).filter(([number]) => typeof number === 'number');
    expect(lines).toHaveLength(hostileNames.length);
    const sum = (title: string) =>
      lines.reduce((total, line) => total + Math.round(Number(line[column(title)]) * 100), 0);
    const { gross, subsidy, self } = await ledgerSums();
    expect([sum('餐费（元）'), sum('补贴（元）'), sum('自付（元）')]).toEqual([gross, subsidy, self]);
    expect(sum('其中：市民政局（元）')).toBe(subsidy);
    const totals = rows.find(([head]) => head === '合计') ?? [];
    expect(Math.round(Number(totals[column('餐费（元）')]) * 100)).toBe(gross);
    expect(rows.find(([head]) => head === '应拨付合计')?.[column('餐费（元）')]).toBe(subsidy / 100);
    expect(rows.flat().join(' ')).toMatch(/食堂经办人（签字）.*街道审核人（签字）.*县区签批人（签字）/);
  });

  it('shows a draft as one', async () => {
    const rows = await xlsxRows((await office.download('county', `${office.canteenId}/2026-04.xlsx`)).bytes);
    expect(rows[3]?.[0]).toContain('状态：草稿');
    const lines = rows.slice(6).filter(([number]) => typeof number === 'number');
    expect(lines.map((line) => line[6])).toEqual(['2026-03']);
  });
});

describe('as CSV', () => {
  it('opens as Chinese, and no name in it is a formula', async () => {
    const { bytes, headers } = await office.download('admin', file('csv'));
    expect(headers['content-type']).toBe('text/csv; charset=utf-8');
    expect([...bytes.subarray(0, 3)]).toEqual([0xef, 0xbb, 0xbf]);
    // To a reader of CSV all are texts; amounts have two decimals.
    const raw = bytes.toString('utf8').split('\r\n');
    expect(raw.find((row) => row.startsWith('应拨付合计'))).toMatch(/,\d+\.\d\d$/);
    expect(raw.find((row) => row.startsWith('1,'))).toMatch(/,'411302[\dX]{12},12\.00,3\.00,0\.00,9\.00,/);
    const rows = parseCsv(bytes.toString('utf8')) as string[][];
    const cells = rows.flat().map(String);
    expect(cells.filter((cell) => /^\s*[=+@|＝＋－＠]/u.test(cell))).toEqual([]);
    expect(cells.filter((cell) => cell.startsWith('-') && Number.isNaN(Number(cell)))).toEqual([]);
    // An administrator sees them whole, so that what was written can be compared.
    const names = rows.slice(6, 6 + hostileNames.length).map((row) => row[7]);
    expect(names).toEqual([
      '\'=HYPERLINK("http://x","王")',
      "'＋1",
      "'@SUM(A1)",
      '王"小,明',
      "'-2+3",
      '欧阳 修',
    ]);
  });
});

describe('identities', () => {
  it('are masked, and no look is recorded', async () => {
    const before = (await recordsOf(office.server.database)).length;
    const { bytes } = await office.download('finance', file('csv'));
    const text = bytes.toString('utf8');
    expect(text).not.toMatch(/411302\d{8}/);
    expect(text).toMatch(/411302\*+/);
    expect(text).not.toContain('HYPERLINK');
    const records = (await recordsOf(office.server.database)).slice(before);
    expect(records.map(({ operation, result }) => [operation, result])).toEqual([
      ['exportStatement', 'DONE'],
    ]);
    expect(records[0]).toMatchObject({ facilityId: office.canteenId, roles: 'FINANCE' });
  });

  it('are whole for whoever may see them, and each elder is recorded once', async () => {
    const before = (await recordsOf(office.server.database)).length;
    const { bytes } = await office.download('admin', file('xlsx'));
    expect(JSON.stringify(await xlsxRows(bytes))).toMatch(/411302\d{11}[\dX]/);
    const records = (await recordsOf(office.server.database)).slice(before);
    const looks = records.filter(({ operation }) => operation === 'look idNumber');
    expect(new Set(looks.map(({ elderId }) => elderId)).size).toBe(hostileNames.length);
    expect(looks).toHaveLength(hostileNames.length);
  });
});

describe('the route', () => {
  it.each([
    ['nobody', undefined, 401],
    ['a reader', 'reader', 403],
    ['another county', 'otherCounty', 404],
  ] as const)('refuses %s, and records it', async (_who, token, status) => {
    const before = (await recordsOf(office.server.database)).length;
    const answer = await office.download(token, file('xlsx'));
    expect(answer.status).toBe(status);
    expect(JSON.parse(answer.bytes.toString('utf8')).errors[0].extensions.requestId).toBeTruthy();
    const records = (await recordsOf(office.server.database)).slice(before);
    expect(records.map(({ operation }) => operation)).toEqual(['exportStatement']);
    expect(records[0]?.result).not.toBe('DONE');
  });

  it.each(['2026-13.xlsx', '2026-03.pdf', '2026-03', '..%2F..%2Fetc%2Fpasswd', '2026-03.xlsx%0d%0ax: y'])(
    'knows no file %s',
    async (name) => {
      expect((await office.download('finance', `${office.canteenId}/${name}`)).status).toBe(404);
    },
  );

  it('answers a place out of scope as one that does not exist', async () => {
    const errors = async (path: string) => {
      const { bytes } = await office.download('otherCounty', path);
      return JSON.parse(bytes.toString('utf8')).errors[0].message;
    };
    expect(await errors(file('csv'))).toBe(await errors('999999/2026-03.csv'));
  });
});
