import { afterAll, beforeAll, expect, it } from 'vitest';
import { hoursOf } from '../../src/visits/find-hours.js';
import { expectAuditClean } from '../support/audited.js';
import { openStationOffice, type StationOffice } from '../support/station-office.js';

let office: StationOffice;
const visits: Record<string, number> = {};
const [march, april] = ['2026-03', '2026-04'];

/** Of an hour at 50 yuan funders pay 36 whatever became of it; the family owes nothing for what was called off. */
const lost = { kind: 'FORFEIT', grossFen: 3600, subsidyFen: 3600, selfPaidFen: 0 };

beforeAll(async () => {
  office = await openStationOffice('PAY');
  visits.brought = await office.bring('2026-03-11');
  visits.family = await office.callOff('2026-03-12', { causedBy: 'FAMILY' });
  visits.own = await office.callOff('2026-03-13', { causedBy: 'STATION' });
  visits.unsaid = await office.callOff('2026-03-16');
});
afterAll(async () => {
  await expectAuditClean(office.server.database);
  await office.server.close();
});

const minutes = async () => {
  const asked = { elderId: office.elderId, month: march };
  const read = (m: Parameters<typeof hoursOf>[0]) => hoursOf(m, asked, 'everywhere', '2026-03-17');
  const found = await office.server.database.read(read);
  return [found?.reservedMinutes, found?.usedMinutes, found?.lostMinutes, found?.leftMinutes];
};
const told = async (person: 'street2' | 'station2', mutation: string) => {
  const query = `mutation { ${mutation} { ... on CanteenStatement { state } ... on StatementRefusal { code } } }`;
  const answer = Object.values(
    await office.ask<Record<string, { state?: string; code?: string }>>(person, query),
  );
  return answer[0]?.state ?? answer[0]?.code;
};
const isOf = (visitId: number | undefined) => (line: { visit: { visitId: string } }) =>
  Number(line.visit.visitId) === visitId;

it('what lies with the station costs the elder nothing and is no line; what the family called off is paid', async () => {
  expect(await minutes()).toEqual([0, 120, 0, 2280]);
  const lines = await office.lines(march);
  expect(lines.map(({ kind, visit }) => [kind, Number(visit.visitId)])).toEqual([
    ['USE', visits.brought],
    ['FORFEIT', visits.family],
  ]);
  expect(lines.find(isOf(visits.family))).toMatchObject({ ...lost, visit: { minutes: 0, hoursMinutes: 60 } });
});

it('the street doubts it, and when it is right nobody pays, the elder has the hours, and the next month says so', async () => {
  const { server } = office;
  server.clock.set(new Date('2026-04-01T09:00:00+08:00'), 0);
  expect(await office.step('station', 'submitStatement', march)).toBe('SUBMITTED');
  const line = (await office.lines(march)).find(isOf(visits.family));
  const reason = 'reason: "家属说是站点没有人"';
  expect(await office.step('street', 'disputeLine', march, `, lineId: "${line?.id}", ${reason}`)).toBe(
    'SUBMITTED',
  );
  const id = (await office.lines(march, ', disputed: OPEN'))[0]?.dispute?.id;
  expect(await told('station2', `answerDispute(disputeId: "${id}", answer: "记错了")`)).toBe('SUBMITTED');
  const decide = `decideDispute(disputeId: "${id}", decision: UPHELD, reason: "属实")`;
  expect(await told('street2', decide)).toBe('SUBMITTED');
  expect(await minutes()).toEqual([0, 60, 0, 2340]);
  expect(await office.lines(april)).toMatchObject([
    {
      kind: 'CORRECT',
      correctsMonth: march,
      grossFen: -3600,
      subsidyFen: -3600,
      selfPaidFen: 0,
      visit: { minutes: 0, hoursMinutes: -60 },
    },
  ]);
  expect(await office.step('street', 'disputeLine', march, `, lineId: "${line?.id}", ${reason}`)).toBe(
    'LINE_NOT_DISPUTABLE lineId',
  );
  await expectAuditClean(server.database);
});

it('goes back as a whole, and what was taken back is in the same draft as what it takes back', async () => {
  expect(await office.step('street', 'returnStatement', march, ', note: "核对"')).toBe('DRAFT');
  expect((await office.lines(march)).map(({ kind }) => kind)).toEqual(['USE', 'FORFEIT']);
  expect((await office.lines(april)).filter(({ kind }) => kind === 'CORRECT')).toHaveLength(1);
  expect(await office.step('station', 'submitStatement', march)).toBe('SUBMITTED');
  expect(await office.step('street', 'reviewStatement', march)).toBe('REVIEWED');
  expect(await office.step('county', 'signStatement', march)).toBe('SIGNED');
  office.server.clock.set(new Date('2026-05-02T09:00:00+08:00'), 0);
  expect(await office.step('station', 'submitStatement', april)).toBe('SUBMITTED');
});
