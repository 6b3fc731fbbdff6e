import { afterAll, beforeAll, expect, it } from 'vitest';
import { elderBedDayRecords } from '../../src/beds/bed-days/elder-bed-day-records.js';
import { type HomeOffice, noonOf, openHomeOffice } from '../support/home-office.js';

let office: HomeOffice;
let finance: string;

beforeAll(async () => {
  office = await openHomeOffice();
  finance = (await office.server.account('FINANCE', office.town.countyId)).token;
});
afterAll(() => office.server.close());

const good =
  'per: MONTH, homeLeaveDaysMax: 3, hospitalDaysMax: 7, rates: [{ levelMin: 3, levelMax: 4, fen: 40000 }]';

async function set(
  rule = good,
  { from = '2026-03-01', funder = 'BUREAU', where = '', token = finance } = {},
) {
  const place = where === '' ? `facilityId: ${office.homeId}, ` : where;
  const mutation = `mutation { setBedSubsidy(${place}funder: "${funder}", from: "${from}", rule: { ${rule} }) {
    ... on BedSubsidy { from funder rates { fen } } ... on BedRefusal { code field message } } }`;
  const { body } = await office.server.post<{
    setBedSubsidy: { code?: string; field?: string[]; from?: string };
  }>(mutation, {}, token);
  const answer = body.data?.setBedSubsidy;
  return (
    answer?.from ??
    [answer?.code ?? body.errors?.[0]?.extensions.code, answer?.field?.join('.')].join(' ').trim()
  );
}

interface Rule {
  funder: string;
  from: string;
  per: string;
  facilityId: string | null;
  rates: { fen: number; levelMin: number | null }[];
}

async function inForce(on: string, token = finance, facilityId = office.homeId): Promise<Rule[]> {
  const query = `{ bedSubsidies(facilityId: ${facilityId}, on: "${on}") {
    funder funderName from per facilityId wholeMonthDays homeLeaveDaysMax hospitalDaysMax
    rates { bedType levelMin levelMax fen } } }`;
  const { body } = await office.server.post<{ bedSubsidies: Rule[] }>(query, {}, token);
  if (body.errors) throw new Error(JSON.stringify(body.errors));
  return body.data.bedSubsidies;
}

it('are set from a day on, and read of any day: the nearest of each funder', async () => {
  expect(await set()).toBe('2026-03-01');
  expect(await inForce('2026-02-28')).toMatchObject([
    { funder: 'BUREAU', from: '2026-02-01', facilityId: String(office.town.countyId) },
  ]);
  expect(await inForce('2026-03-01')).toEqual([
    {
      ...{ funder: 'BUREAU', funderName: '市民政局', from: '2026-03-01', per: 'MONTH' },
      ...{ facilityId: String(office.homeId), wholeMonthDays: null, homeLeaveDaysMax: 3, hospitalDaysMax: 7 },
      rates: [{ bedType: null, levelMin: 3, levelMax: 4, fen: 40_000 }],
    },
  ]);
  // The same day again takes the place of the rule; one without rates ends it.
  expect(await set('per: DAY, homeLeaveDaysMax: 0, hospitalDaysMax: 0, rates: []')).toBe('2026-03-01');
  expect((await inForce('2026-03-02')).map(({ per, rates }) => [per, rates])).toEqual([['DAY', []]]);
  expect(
    await set('per: DAY, homeLeaveDaysMax: 0, hospitalDaysMax: 0, rates: [{ fen: 100 }]', {
      funder: 'CHARITY',
    }),
  ).toBe('2026-03-01');
  expect((await inForce('2026-03-02')).map(({ funder }) => funder)).toEqual(['BUREAU', 'CHARITY']);
});

it('are refused by name, in this order', async () => {
  const rest = 'homeLeaveDaysMax: 0, hospitalDaysMax: 0, rates: []';
  const elsewhere = `facilityId: ${office.town.otherCountyId}, `;
  expect(await set(good, { where: elsewhere, from: '2026-01-01' })).toBe('RULE_INVALID facilityId');
  expect(await set(good, { where: 'facilityId: "x", ' })).toBe('RULE_INVALID facilityId');
  expect(await set(good, { where: ' ' })).toBe('RULE_INVALID facilityId');
  expect(await set(`per: DAY, wholeMonthDays: 15, ${rest}`, { from: '2026-01-01' })).toBe(
    'RULE_INVALID rule.wholeMonthDays',
  );
  expect(await set(`per: MONTH, wholeMonthDays: 32, ${rest}`)).toBe('RULE_INVALID rule.wholeMonthDays');
  const rate = (of: string) =>
    `per: DAY, homeLeaveDaysMax: 0, hospitalDaysMax: 0, rates: [{ fen: 1 }, { ${of} }]`;
  expect(await set(rate('levelMin: 3, fen: 1'))).toBe('RULE_INVALID rule.rates.1.levelMax');
  expect(await set(rate('fen: 1000001'))).toBe('RULE_INVALID rule.rates.1.fen');
  expect(await set(good, { from: '2026-01-31', funder: 'NOBODY' })).toBe('DAY_OUT_OF_RANGE from');
  expect(await set(good, { funder: 'NOBODY' })).toBe('RULE_INVALID funder');
  expect(await set(good, { token: office.tokens.home })).toBe('FORBIDDEN');
  expect(await set(good, { token: office.tokens.auditor })).toBe('FORBIDDEN');
});

it('everywhere are set by whoever has everywhere, and shown to whoever has the place', async () => {
  const admin = await office.server.adminToken();
  expect(await set(good, { where: ' ', from: '2026-04-01', token: admin })).toBe('2026-04-01');
  const elsewhere = await office.server.managerToken(office.town.otherCountyId);
  expect(await inForce('2026-04-01', elsewhere, office.town.otherStationId)).toMatchObject([
    { facilityId: null },
  ]);
  expect(await inForce('2026-04-01', elsewhere)).toEqual([]);
  expect((await inForce('2026-04-01', office.tokens.auditor)).map(({ funder }) => funder)).toEqual([
    'BUREAU',
    'CHARITY',
  ]);
});

it('what is settled about an elder is handed over with the file, and what was said about the person is taken out', async () => {
  const { deeds, bedIds, resident, server } = office;
  const elderId = await resident({ level: 3 });
  await deeds.admit(bedIds[0] ?? 0, elderId, '2026-02-20');
  server.clock.set(noonOf('2026-03-01'), 0);
  expect(await office.step('home', 'submitStatement', '2026-02')).toBe('SUBMITTED');
  const [line] = await office.lines('2026-02');
  expect(
    await office.step('street', 'disputeLine', '2026-02', `, lineId: "${line?.id}", reason: "已回家"`),
  ).toBe('SUBMITTED');
  const { database } = server;
  const collected = () => database.read((manager) => elderBedDayRecords.collect(manager, elderId));
  const open = () =>
    database.read((manager) => elderBedDayRecords.unsettled?.(manager, elderId) ?? Promise.resolve([]));
  expect(await open()).toMatchObject([{ zh: '待决定的争议' }]);
  // A statement that went back has no lines, and its dispute is still about the elder.
  expect(await office.step('street2', 'returnStatement', '2026-02', ', note: "核对"')).toBe('DRAFT');
  expect(await open()).toMatchObject([{ zh: '待决定的争议' }]);
  expect(await office.step('home', 'submitStatement', '2026-02')).toBe('SUBMITTED');
  expect(await collected()).toMatchObject({
    lines: [
      { month: '2026-02', kind: 'STAY', presentDays: 9, level: 3, days: `${'-'.repeat(19)}${'P'.repeat(9)}` },
    ],
    disputes: [{ reason: '已回家', decision: null }],
  });
  await database.write((manager) => elderBedDayRecords.erase(manager, elderId));
  expect(await collected()).toMatchObject({ lines: [{ presentDays: 9 }], disputes: [{ reason: '已清除' }] });
  const nobody = await database.read((manager) => elderBedDayRecords.collect(manager, 999_999));
  expect(nobody).toEqual({ lines: [], disputes: [] });
});
