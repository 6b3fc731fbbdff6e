import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { stationDues } from '../../src/visits/station-dues.js';
import { expectAuditClean } from '../support/audited.js';
import { at } from '../support/settlement.js';
import { openStationOffice, type StationOffice } from '../support/station-office.js';

let office: StationOffice;
const visits: Record<string, number> = {};

const march = '2026-03';
const april = '2026-04';
const sumsQuery = (month: string) =>
  `{ canteenStatement(canteenId: ${office.town.stationId}, month: "${month}") { kind state canteen { id }
     sums { lines visits meals minutes hoursMinutes elders grossFen subsidyFen selfPaidFen operatorFen }
     shares { part code units fen } events { event } } }`;

async function sums(month: string) {
  type Data = { canteenStatement: { sums: Record<string, number>; shares: object[]; state: string } };
  return (await office.ask<Data>('finance', sumsQuery(month))).canteenStatement;
}

/** An hour costs 50 yuan: the funder pays 36, the family 14. */
const hour = { grossFen: 5000, subsidyFen: 3600, selfPaidFen: 1400 };

beforeAll(async () => {
  office = await openStationOffice();
  visits.plain = await office.bring('2026-03-11');
  visits.doubtful = await office.bring('2026-03-12', { isDoubtful: true });
  visits.blocked = await office.bring('2026-03-13', { isDoubtful: true });
  visits.looked = await office.bring('2026-03-16', { isDoubtful: true });
  visits.late = await office.bring('2026-03-31', { uploadedAt: '2026-04-01T08:00:00' });
  expect(await office.decide(visits.looked, 'PAY', '2026-03-17T12:00:00')).toBe('PAY');
  expect(await office.decide(visits.blocked, 'BLOCK', '2026-03-17T12:00:00')).toBe('BLOCK');
});
afterAll(async () => {
  await expectAuditClean(office.server.database);
  await office.server.close();
});

describe('a draft', () => {
  it('has what is proved and was written in the month: neither what nobody has looked at, nor what is blocked', async () => {
    expect(await office.lines(march)).toMatchObject([
      { kind: 'USE', day: '2026-03-11', correctsMonth: null, ...hour, visit: { paidBecause: 'TAPS' } },
      { kind: 'USE', day: '2026-03-16', correctsMonth: null, ...hour, visit: { paidBecause: 'VERDICT' } },
    ]);
    expect(await office.lines(april)).toMatchObject([
      { kind: 'USE', day: '2026-03-31', correctsMonth: march, ...hour },
    ]);
  });

  it('adds up to the ledger of hours, and names what each funder owes', async () => {
    const found = await sums(march);
    expect(found).toMatchObject({
      kind: 'STATION',
      state: 'DRAFT',
      sums: { lines: 2, visits: 2, meals: 0, minutes: 120, hoursMinutes: 120, elders: 1 },
      shares: [{ part: 'SUBSIDY', code: 'BUREAU', units: 2, fen: 7200 }],
    });
    const dues = await office.server.database.read((manager) =>
      stationDues(manager, office.town.stationId, march),
    );
    const proved = dues.filter(({ visitId }) => visitId === visits.plain || visitId === visits.looked);
    expect(found.sums.selfPaidFen).toBe(proved.reduce((sum, { familyFen }) => sum + familyFen, 0));
    expect(found.sums.hoursMinutes).toBe(proved.reduce((sum, { hoursMinutes }) => sum + hoursMinutes, 0));
  });

  it('is listed among stations, and by no canteen', async () => {
    const listed = async (kind: string) => {
      type Data = { statements: { nodes: { kind: string; canteen: { id: string } }[] } };
      const query = `{ statements(month: "${march}"${kind}) { nodes { kind canteen { id } } } }`;
      const { statements } = await office.ask<Data>('county', query);
      return statements.nodes.map(({ kind: own, canteen }) => `${own} ${canteen.id}`);
    };
    const [first, second] = office.town.canteenIds;
    expect(await listed('')).toEqual([`CANTEEN ${first}`, `CANTEEN ${second}`]);
    expect(await listed(', kind: STATION')).toEqual([`STATION ${office.town.stationId}`]);
  });

  it('is nobody else’s', async () => {
    expect(await office.step('otherCounty', 'submitStatement', march)).toBe('STATEMENT_UNKNOWN canteenId');
  });
});

describe('the life', () => {
  it('waits until the month is over, and takes each step by its office', async () => {
    office.server.clock.set(at('2026-04-01T00:05:00'), 0);
    expect(await office.step('station', 'submitStatement', march)).toBe('MONTH_NOT_OVER month');
    office.server.clock.set(at('2026-04-01T09:00:00'), 0);
    expect(await office.step('county', 'submitStatement', march)).toBe('NOT_ENTITLED canteenId');
    expect(await office.step('station', 'submitStatement', april)).toBe('MONTH_NOT_OVER month');
    expect(await office.step('station', 'submitStatement', march)).toBe('SUBMITTED');
    expect(await office.lines(march)).toHaveLength(2);
    expect(await sums(march)).toMatchObject({
      state: 'SUBMITTED',
      sums: { visits: 2, minutes: 120, hoursMinutes: 120, grossFen: 10_000, subsidyFen: 7200 },
      shares: [{ code: 'BUREAU', units: 2, fen: 7200 }],
    });
  });

  it('goes back and comes again with the same lines', async () => {
    expect(await office.step('street', 'returnStatement', march, ', note: "核对"')).toBe('DRAFT');
    expect(await office.lines(march)).toHaveLength(2);
    expect(await office.step('station', 'submitStatement', march)).toBe('SUBMITTED');
  });

  it('takes what is decided late into the open month, as a line about the earlier one', async () => {
    expect(await office.decide(visits.doubtful ?? 0, 'PAY', '2026-04-02T09:00:00')).toBe('PAY');
    expect(await office.lines(march)).toHaveLength(2);
    expect(await office.lines(april, ', corrections: true')).toMatchObject([
      { day: '2026-03-12', correctsMonth: march, visit: { paidBecause: 'VERDICT' } },
      { day: '2026-03-31', correctsMonth: march, visit: { paidBecause: 'TAPS' } },
    ]);
  });

  it('has its disputes, and one that is upheld takes the visit back in the open month', async () => {
    const [line] = await office.lines(march);
    const dispute = (person: 'street' | 'station', lineId?: string) =>
      office.step(person, 'disputeLine', march, `, lineId: "${lineId}", reason: "老人说没有来"`);
    expect(await dispute('station', line?.id)).toBe('NOT_ENTITLED canteenId');
    expect(await dispute('street', '999999')).toBe('LINE_UNKNOWN lineId');
    expect(await dispute('street', line?.id)).toBe('SUBMITTED');
    expect(await dispute('street', line?.id)).toBe('LINE_NOT_DISPUTABLE lineId');
    const [disputed] = await office.lines(march, ', disputed: OPEN');
    const id = disputed?.dispute?.id;
    const told = async (person: 'street' | 'street2' | 'station2', mutation: string) => {
      const query = `mutation { ${mutation} { ... on CanteenStatement { state } ... on StatementRefusal { code } } }`;
      const answer = Object.values(
        await office.ask<Record<string, { state?: string; code?: string }>>(person, query),
      );
      return answer[0]?.state ?? answer[0]?.code;
    };
    const decide = `decideDispute(disputeId: "${id}", decision: UPHELD, reason: "属实")`;
    expect(await told('street2', decide)).toBe('OUT_OF_TURN');
    expect(await told('station2', `answerDispute(disputeId: "${id}", answer: "有签到")`)).toBe('SUBMITTED');
    expect(await office.step('street', 'reviewStatement', march)).toBe('DISPUTES_OPEN month');
    expect(await told('street2', decide)).toBe('SUBMITTED');
    expect(await office.lines(march)).toMatchObject([{ ...hour, dispute: { decision: 'UPHELD' } }, hour]);
    const back = { grossFen: -5000, subsidyFen: -3600, selfPaidFen: -1400 };
    expect((await office.lines(april)).at(-1)).toMatchObject({
      kind: 'CORRECT',
      day: '2026-03-11',
      correctsMonth: march,
      ...back,
      visit: { minutes: -60, hoursMinutes: -60, paidBecause: null },
    });
    // What the street decided is not undone by looking at the taps again: they were never to be looked at.
    expect(await office.decide(visits.plain ?? 0, 'PAY', '2026-04-02T10:00:00')).toBe('WRONG_STATE');
  });

  it('is reviewed, signed, paid and frozen, and then never changes', async () => {
    expect(await office.step('street', 'reviewStatement', march)).toBe('REVIEWED');
    expect(await office.step('county', 'signStatement', march)).toBe('SIGNED');
    expect(await office.step('finance', 'payStatement', march, ', note: "P-1"')).toBe('PAID');
    expect(await office.step('county', 'freezeStatement', march)).toBe('FROZEN');
    const before = await sums(march);
    // A visit of March that was let through and settled is blocked in May.
    expect(await office.decide(visits.looked ?? 0, 'BLOCK', '2026-04-03T10:00:00')).toBe('BLOCK');
    expect(await sums(march)).toEqual(before);
    const inApril = await office.lines(april);
    expect(inApril.map(({ kind, visit }) => [kind, Number(visit.visitId)])).toEqual([
      ['USE', visits.doubtful],
      ['USE', visits.late],
      ['CORRECT', visits.plain],
      ['CORRECT', visits.looked],
    ]);
    expect((await sums(april)).sums).toMatchObject({ visits: 0, minutes: 0, hoursMinutes: 0, grossFen: 0 });
    expect(await office.step('station', 'submitStatement', march)).toBe('FROZEN month');
  });

  it('lets through again what was blocked, in the open month', async () => {
    expect(await office.decide(visits.looked ?? 0, 'PAY', '2026-04-04T10:00:00')).toBe('PAY');
    expect((await office.lines(april)).at(-1)).toMatchObject({ kind: 'USE', day: '2026-03-16', ...hour });
    office.server.clock.set(at('2026-05-01T09:00:00'), 0);
    expect(await office.step('station', 'submitStatement', '2026-05')).toBe('MONTH_NOT_OVER month');
    expect(await office.step('station', 'submitStatement', april)).toBe('SUBMITTED');
    expect(await sums(april)).toMatchObject({
      sums: { lines: 5, visits: 1, hoursMinutes: 60, grossFen: 5000 },
    });
  });
});
