import { writeXlsx } from 'hucre/xlsx';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { bedChecks } from '../../src/beds/audit.js';
import { elderBedRecords } from '../../src/beds/elder-bed-records.js';
import { runChecks } from '../../src/shared/audit-check.js';
import { addBeds, addHome, addResident, admitted } from '../support/beds.js';
import { statementsOf } from '../support/count-statements.js';
import { startTestServer, type TestServer } from '../support/test-server.js';
import { buildTown, countRows, noon, type Town } from '../support/town.js';

let server: TestServer;
let town: Town;
let home: number;
let manager: string;
beforeAll(async () => {
  server = await startTestServer({ at: noon });
  town = await buildTown(server.database);
  home = await addHome(town);
  manager = await server.managerToken(town.countyId);
});
afterAll(() => server.close());

interface Imported {
  written: boolean;
  beds: number;
  rooms: number;
  faults: { row: number; column: string | null; code: string; message: string }[];
}

async function imported(format: 'CSV' | 'XLSX', content: string, dryRun = false): Promise<Imported> {
  const query = `mutation ($content: String!) { importBeds(facilityId: ${home}, format: ${format}, content: $content, dryRun: ${dryRun}) { written beds rooms faults { row column code message } } }`;
  const { body } = await server.post<{ importBeds: Imported }>(query, { content }, manager);
  expect(body.errors).toBeUndefined();
  return body.data.importBeds;
}

const head = '楼栋,楼层,房间,性别,床号,类型,登记日期,启用日期';
const beds = () => countRows(server, `bed WHERE facilityId = ${home}`);

it('a list tells every faulty row, and with one of them writes nothing', async () => {
  const rows = [
    head,
    '一号楼,1,101,女,1,护理,2020-01-01,2020-02-01',
    '一号楼,x,102,女,1,护理,2020-01-01,',
    ',1,103,妖,1,吊床,2020-13-01,',
    '一号楼,1,101,男,2,护理,,',
    '一号楼,1,101,女,1,护理,,',
    `一号楼,1,104,,1,NURSING,2027-01-01,`,
  ];
  const { written, faults } = await imported('CSV', `\uFEFF${rows.join('\r\n')}`);
  expect(written).toBe(false);
  expect(faults.map(({ row, column, code }) => `${row} ${column} ${code}`)).toEqual([
    '3 floor FLOOR_INVALID',
    '4 building TEXT_INVALID',
    '4 gender GENDER_UNKNOWN',
    '4 type TYPE_UNKNOWN',
    '4 registeredOn DAY_INVALID',
    '5 gender ROOM_CONTRADICTS',
    '6 label BED_TWICE',
    '7 registeredOn DAY_INVALID',
  ]);
  expect(faults[0]?.message).toBe('a whole number of -9 to 99');
  expect(await beds()).toBe(0);
});

it('a dry run writes nothing, the same list is then registered, and again it is all there already', async () => {
  const list = [
    head,
    'A,1,101,女,1,护理,2020-01-01,',
    'A,1,101,女,2,护理,2020-01-01,',
    'A,2,201,不限,1,普通,,',
  ].join('\n');
  expect(await imported('CSV', list, true)).toEqual({ written: false, beds: 3, rooms: 2, faults: [] });
  expect(await beds()).toBe(0);
  expect(await imported('CSV', list)).toEqual({ written: true, beds: 3, rooms: 2, faults: [] });
  expect(await beds()).toBe(3);
  const again = await imported('CSV', list);
  expect(again.faults.map(({ row, code }) => `${row} ${code}`)).toEqual([
    '2 BED_EXISTS',
    '3 BED_EXISTS',
    '4 BED_EXISTS',
  ]);
  const more = await imported('CSV', [head, 'a,1,101,女,3,护理,,'].join('\n'));
  expect(more).toMatchObject({ written: true, beds: 1, rooms: 0 });
});

it('a workbook is read like a list, and what is neither is told so', async () => {
  const bytes = await writeXlsx({
    sheets: [
      {
        name: 'beds',
        rows: [
          ['building', 'floor', 'room', 'gender', 'bed', 'type', 'registered'],
          ['B', 3, 301, 'MALE', 1, 'NURSING', '2021-05-01'],
        ],
      },
    ],
  });
  const content = Buffer.from(bytes).toString('base64');
  expect(await imported('XLSX', content)).toEqual({ written: true, beds: 1, rooms: 1, faults: [] });
  for (const [format, broken] of [
    ['XLSX', 'bm8gd29ya2Jvb2s='],
    ['XLSX', '不是'],
    ['XLSX', content.slice(0, 400)],
    ['CSV', 'a\0b'],
    ['CSV', 'x'.repeat(900_001)],
  ] as const) {
    const { written, faults } = await imported(format, broken);
    expect(written).toBe(false);
    expect(faults.map(({ code }) => code)).toEqual(['FILE_UNREADABLE']);
  }
  expect((await imported('CSV', '')).faults.map(({ code }) => code)).toEqual(['FILE_EMPTY']);
  expect((await imported('CSV', 'x,y\n1,2')).faults.map(({ code }) => code)).toContain('HEADER_MISSING');
  const many = [head, ...Array.from({ length: 2001 }, (_, index) => `C,1,${index},,1,普通,,`)].join('\n');
  expect((await imported('CSV', many)).faults.map(({ code }) => code)).toEqual(['TOO_MANY_ROWS']);
});

it('a board of many beds asks six questions at most, as a board of few does', async () => {
  const large = await addHome(town);
  const ids = await addBeds(
    town,
    large,
    Array.from({ length: 60 }, () => ({})),
  );
  for (const bedId of ids.slice(0, 12)) await admitted(town, { bedId, elderId: await addResident(town) });
  const query = `{ bedBoard(facilityId: ${large}) { state bed { id room } stay { from } occupant { name categories abilityLevel } } }`;
  const incidental = /access_token|BEGIN|COMMIT/i;
  const { result, statements } = await statementsOf(server.database, () =>
    server.post<{ bedBoard: { state: string; occupant: { name: string } | null }[] }>(query, {}, manager),
  );
  expect(result.body.data.bedBoard.filter(({ state }) => state === 'OCCUPIED')).toHaveLength(12);
  expect(result.body.data.bedBoard.filter(({ occupant }) => occupant?.name === '李秀英')).toHaveLength(12);
  expect(statements.filter((statement) => !incidental.test(statement)).length).toBeLessThanOrEqual(6);
});

it('every check of the audit can fail, and does so by name', async () => {
  const [bedId = 0, otherId = 0] = await addBeds(town, home, [{}, {}]);
  const elderId = await addResident(town);
  const stay = await admitted(town, { bedId, elderId, from: '2026-02-01' });
  const write = (sql: string) => server.database.write((database) => database.query(sql));
  const broken = async () => {
    const said: string[] = [];
    await server.database.read((database) => runChecks(database, bedChecks, (line) => said.push(line)));
    return said.filter((line) => line.startsWith('BROKEN'));
  };
  expect(await broken()).toEqual([]);
  const row = (id: number, bed: number, elder: number, from: string, to: string, reason = 'HOME') =>
    `INSERT INTO bed_stay (id, bedId, facilityId, elderId, fromDay, toDay, admittedOn, trialEndsOn, endReason, enteredAt)
     VALUES (${id}, ${bed}, ${home}, ${elder}, '${from}', '${to}', '${from}', '${from}', '${reason}', 0)`;
  const other = await addResident(town);
  const hold = (id: number) =>
    `INSERT INTO bed_hold (id, bedId, facilityId, elderId, fromDay, expiresAt, expiresOn, heldAt, heldById)
     VALUES (${id}, ${otherId}, ${home}, ${elderId}, '2026-03-10', 9000, '2026-03-11', 1000, ${town.managerId})`;
  const leave = (id: number, from: string, to: string) =>
    `INSERT INTO stay_leave (id, stayId, facilityId, kind, fromDay, toDay, startedAt)
     VALUES (${id}, ${stay.id}, ${home}, 'HOME', '${from}', '${to}', 0)`;
  const closure = (from: string, to: string) =>
    `INSERT INTO bed_out_of_service (bedId, facilityId, fromDay, toDay, reason, recordedAt, recordedById)
     VALUES (${bedId}, ${home}, '${from}', '${to}', 'REPAIR', 0, ${town.managerId})`;
  const cases: [string, string[], string[]][] = [
    [
      'no two stays of a bed',
      [row(901, bedId, other, '2026-03-01', '2026-03-05')],
      ['DELETE FROM bed_stay WHERE id = 901'],
    ],
    [
      'no elder has two beds',
      [row(902, otherId, elderId, '2026-03-01', '2026-03-05')],
      ['DELETE FROM bed_stay WHERE id = 902'],
    ],
    [
      'nobody stays in a bed that is closed',
      [closure('2026-03-01', '2026-03-03')],
      [`DELETE FROM bed_out_of_service WHERE bedId = ${bedId}`],
    ],
    [
      'no bed is out of service twice',
      [closure('2025-03-01', '2025-03-03'), closure('2025-03-02', '2025-03-04')],
      [`DELETE FROM bed_out_of_service WHERE bedId = ${bedId}`],
    ],
    ['no bed was held by two', [hold(903), hold(904)], ['DELETE FROM bed_hold WHERE id IN (903, 904)']],
    [
      'every leave lies within',
      [leave(905, '2026-01-01', '2026-01-05')],
      ['DELETE FROM stay_leave WHERE id = 905'],
    ],
    [
      'no two leaves of a stay',
      [leave(906, '2026-03-01', '2026-03-05'), leave(907, '2026-03-04', '2026-03-06')],
      ['DELETE FROM stay_leave WHERE id IN (906, 907)'],
    ],
    [
      'are counted where the bed stands',
      [`UPDATE bed SET facilityId = ${town.cityId} WHERE id = ${otherId}`],
      [`UPDATE bed SET facilityId = ${home} WHERE id = ${otherId}`],
    ],
    [
      'what is marked as open',
      [`UPDATE bed_stay SET openBedId = ${otherId} WHERE id = ${stay.id}`],
      [`UPDATE bed_stay SET openBedId = ${bedId} WHERE id = ${stay.id}`],
    ],
    [
      'a stay goes on as another',
      [`UPDATE bed_stay SET admittedOn = '2026-01-01' WHERE id = ${stay.id}`],
      [`UPDATE bed_stay SET admittedOn = '2026-02-01' WHERE id = ${stay.id}`],
    ],
    [
      'nobody whose file has ended',
      [`UPDATE elder SET status = 'DECEASED', endedOn = '2026-03-01' WHERE id = ${elderId}`],
      [`UPDATE elder SET status = 'ACTIVE', endedOn = NULL WHERE id = ${elderId}`],
    ],
    [
      'no day of a stay is on two bills',
      [`INSERT INTO stay_charge VALUES (${stay.id}, '2026-01', '2026-01-31', 3, 0, 0, 0, ${town.managerId})`],
      ['DELETE FROM stay_charge'],
    ],
    [
      'every answer that is kept',
      [`UPDATE bed_request SET rowId = 1 WHERE rowId = ${stay.id}`],
      [`UPDATE bed_request SET rowId = ${stay.id} WHERE rowId = 1`],
    ],
  ];
  expect(cases.length).toBe(bedChecks.length);
  for (const [name, breaks, mends] of cases) {
    for (const sql of breaks) await write(sql);
    expect((await broken()).join('\n'), name).toContain(name);
    for (const sql of mends) await write(sql);
  }
  expect(await broken()).toEqual([]);
});

it('an elder is handed all that beds keep, and erased what was said', async () => {
  const [bedId = 0] = await addBeds(town, home, [{}]);
  const elderId = await addResident(town);
  const { id } = await admitted(town, { bedId, elderId, from: '2026-03-01' });
  const end = `mutation { discharge(stayId: ${id}, on: "2026-03-09", reason: "OTHER", note: "儿子来接") { __typename } }`;
  await server.post(end, {}, manager);
  const collect = () => server.database.read((database) => elderBedRecords.collect(database, elderId));
  expect(await collect()).toMatchObject({
    stays: [{ label: 'A', fromDay: '2026-03-01', toDay: '2026-03-09', endReason: 'OTHER', note: '儿子来接' }],
    holds: [],
    leaves: [],
  });
  await server.database.write((database) => elderBedRecords.erase(database, elderId));
  expect(await collect()).toMatchObject({ stays: [{ toDay: '2026-03-09', note: null }] });
});
