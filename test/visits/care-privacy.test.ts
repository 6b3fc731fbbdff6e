import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { sealedTables } from '../../src/cli/sealed-tables.js';
import { setElderContacts } from '../../src/elders/elder-contacts.js';
import { eraseElder } from '../../src/elders/erase-elder.js';
import { exportElder } from '../../src/elders/export-elder.js';
import { FieldCipher } from '../../src/shared/field-cipher.js';
import { unreadableRows } from '../../src/shared/rotate-keys.js';
import { answerAlert } from '../../src/visits/answer-alert.js';
import { setCareLimit } from '../../src/visits/care-limits.js';
import { decideEvidence } from '../../src/visits/decide-evidence.js';
import { issueDoorTag } from '../../src/visits/door-tags.js';
import { dropOldPositions } from '../../src/visits/drop-positions.js';
import { elderCareRecords } from '../../src/visits/elder-care-records.js';
import { endVisit } from '../../src/visits/end-visit.js';
import { raiseAlerts } from '../../src/visits/raise-alerts.js';
import { rateVisit } from '../../src/visits/rate-visit.js';
import { recordCare } from '../../src/visits/record-care.js';
import {
  buildCareTown,
  type Carer,
  type CareTown,
  expectCareClean,
  later,
  metresAway,
  newCarer,
  newVisit,
  tapOf,
  tapped,
} from '../support/care.js';
import { openTestDatabase, type TestDatabase } from '../support/test-database.js';
import { addDiner, noon } from '../support/town.js';

let open: TestDatabase;
let town: CareTown;
let own: Carer;

beforeAll(async () => {
  open = await openTestDatabase();
  town = await buildCareTown(open.database);
  own = await newCarer(town);
});
afterAll(async () => {
  await expectCareClean(open);
  await open.drop();
});

const everything = {
  stations: 'everywhere' as const,
  elderIds: [],
  own: { accountId: 0, stations: [] },
};
const words = {
  note: '王小明今天头晕',
  reason: '王小明家停电',
  decision: '王小明女儿证实',
  comment: '王小明很满意',
  answer: '王小明摔倒',
  told: '王小明血糖高',
  contact: '王芳芳',
};

/** An elder about whom everything was written that can be, in two visits. */
async function writtenAbout(): Promise<{ elderId: number; visitIds: number[] }> {
  const byId = town.managerId;
  const { elderId } = await addDiner(town, { balanceFen: 0 });
  const done = async (work: Promise<object>) => expect('refused' in (await work)).toBe(false);
  const write = open.database.write.bind(open.database);
  const contacts = [{ name: words.contact, relation: '女儿', phone: '13900000000' }];
  await done(write((m) => setElderContacts(m, { elderId, contacts, byId, now: noon }, 'everywhere')));
  await done(write((m) => issueDoorTag(m, { elderId, byId, now: noon }, 'everywhere')));
  const limit = {
    elderId,
    facilityId: null,
    kind: 'SUGAR' as const,
    low: null,
    high: 88,
    isWithdrawn: false,
  };
  const scopes = { elders: 'everywhere' as const, places: 'everywhere' as const };
  await done(write((m) => setCareLimit(m, { ...limit, byId, now: noon }, scopes)));

  const { visitId } = await newVisit(town, [own], { elderId });
  await done(tapped(town, own, tapOf(visitId, { at: later(1), ...metresAway(321) })));
  const care = { visitId, requestId: crypto.randomUUID(), note: words.note, now: later(2) };
  await done(
    write((m) => recordCare(m, { ...care, measurements: [{ kind: 'SUGAR', value: 17.3 }] }, own.reach)),
  );
  const [alert] = await open.writer.query('SELECT id FROM care_alert WHERE elderId = ?', [elderId]);
  const answer = { id: alert.id, outcome: 'FAMILY_TOLD', byId, now: later(3) };
  await done(write((m) => answerAlert(m, { ...answer, queue: 'care', note: words.told }, 'everywhere')));
  const ending = { visitId, at: later(59), reason: words.reason, byId, now: later(60) };
  await done(write((m) => endVisit(m, ending, everything)));
  const [other] = await open.writer.query('SELECT id FROM account WHERE id <> ? ORDER BY id LIMIT 1', [byId]);
  const judged = { visitId, verdict: 'PAY' as const, note: words.decision, byId: other.id, now: later(61) };
  await done(write((m) => decideEvidence(m, judged, everything)));
  await done(
    write((m) =>
      rateVisit(m, { visitId, stars: 5, comment: words.comment, byId, now: later(62) }, everything),
    ),
  );

  const missed = await newVisit(town, [own], { elderId, from: later(120).toISOString() });
  await raiseAlerts(open.database, later(150));
  const [late] = await open.writer.query('SELECT id FROM visit_alert WHERE visitId = ?', [missed.visitId]);
  const found = { id: late.id, outcome: 'ELDER_HELPED', note: words.answer, byId, now: later(151) };
  await done(write((m) => answerAlert(m, { ...found, queue: 'visit' }, 'everywhere')));
  await open.database.write((m) =>
    m.query("UPDATE visit SET status = 'CANCELLED' WHERE id = ?", [missed.visitId]),
  );
  return { elderId, visitIds: [visitId, missed.visitId] };
}

const exported = async (elderId: number) => {
  const asked = { elderId, records: [elderCareRecords], now: later(200) };
  return JSON.stringify(await open.database.read((m) => exportElder(m, asked, 'everywhere')));
};

/** Every row that hangs on the elder, decrypted where it is encrypted. */
async function storedAbout(elderId: number, visitIds: readonly number[]): Promise<string> {
  const rows: unknown[] = [];
  const visits = visitIds.join();
  for (const [table, where] of [
    ['care_note', `elderId = ${elderId}`],
    ['care_measurement', `elderId = ${elderId}`],
    ['care_limit', `elderId = ${elderId}`],
    ['care_alert', `elderId = ${elderId}`],
    ['door_tag', `elderId = ${elderId}`],
    ['elder_contacts', `elderId = ${elderId}`],
    ['elder_door', `elderId = ${elderId}`],
    ['visit_check', `visitId IN (${visits})`],
    ['visit_evidence', `visitId IN (${visits})`],
    ['visit_alert', `visitId IN (${visits})`],
    ['visit_rating', `visitId IN (${visits})`],
    ['visit_event', `visitId IN (${visits})`],
  ]) {
    rows.push([table, await open.writer.query(`SELECT * FROM ${table} WHERE ${where}`)]);
  }
  return JSON.stringify(rows);
}

it('an elder’s export has all that was written, and erasing leaves nothing that tells of the person', async () => {
  const { elderId, visitIds } = await writtenAbout();
  const file = await exported(elderId);
  for (const word of [words.note, words.decision, words.comment, words.answer, words.told, words.contact]) {
    expect(file).toContain(word);
  }
  expect(file).toContain('17.3');
  expect(file).toMatch(/"distanceMetres":321/);
  expect(file).toMatch(/"position":"\d{8} 112500000"/);
  expect(file).not.toContain('YLDOOR');

  const before = await storedAbout(elderId, visitIds);
  for (const word of Object.values(words)) expect(before).not.toContain(word);
  expect(before.match(/v1\.k1\./g)?.length).toBeGreaterThanOrEqual(9);
  await open.database.write(async (m) => {
    await m.query("UPDATE elder SET status = 'DECEASED', endedOn = '2026-03-11' WHERE id = ?", [elderId]);
    const erasure = { elderId, retentionDays: 0, records: [elderCareRecords], now: later(3000) };
    expect('refused' in (await eraseElder(m, erasure, 'everywhere'))).toBe(false);
  });
  const after = await storedAbout(elderId, visitIds);
  expect(after).not.toMatch(/v1\./);
  expect(after).toMatch(
    /\["care_note",\[\]\],\["care_measurement",\[\]\],\["care_limit",\[\]\],\["care_alert",\[\]\],\["door_tag",\[\]\],\["elder_contacts",\[\]\]/,
  );
  // What is settled by stays: the distance, the score, the decision and the stars.
  expect(after).toMatch(/"distanceMetres":321/);
  expect(after).toMatch(/"decided":"PAY"/);
  expect(after).toMatch(/"stars":5/);
  const empty = await exported(elderId);
  for (const word of Object.values(words)) expect(empty).not.toContain(word);
});

it('every encrypted value is in the list by which keys are rotated, and opens under its own name', async () => {
  const { elderId } = await writtenAbout();
  const columns = open.writer.entityMetadatas.flatMap(({ tableName, columns: all }) =>
    all
      .filter(({ propertyName }) => propertyName.endsWith('Sealed'))
      .map(({ propertyName }) => `${tableName}.${propertyName}`),
  );
  const listed = sealedTables.flatMap(({ table, columns: names }) =>
    Object.keys(names).map((name) => `${table}.${name}`),
  );
  const ours = columns.filter((name) =>
    /^(visit_(check|evidence|alert|rating)|care_|elder_contacts)/.test(name),
  );
  expect(ours).toHaveLength(8);
  expect(ours.filter((name) => !listed.includes(name))).toEqual([]);
  for (const sealed of sealedTables) {
    const broken: unknown[] = [];
    await open.database.read(async (m) => {
      for await (const row of unreadableRows(m, sealed)) broken.push(row);
    });
    expect(broken, sealed.table).toEqual([]);
  }
  const [row] = await open.writer.query('SELECT valueSealed FROM care_measurement WHERE elderId = ?', [
    elderId,
  ]);
  const other = new FieldCipher({
    keys: [{ id: 'k1', secret: randomBytes(32) }],
    lookupKey: randomBytes(32),
  });
  expect(() => other.decrypt('care_measurement.value', row.valueSealed)).toThrow(/does not open/);
});

it('positions go when they are old, in parts, and the distances stay', async () => {
  const { visitId } = await newVisit(town, [own], { from: later(5000).toISOString() });
  await tapped(town, own, tapOf(visitId, { at: later(5000), ...metresAway(50) }));
  const positions = async () =>
    Number(
      (
        await open.writer.query(
          'SELECT COUNT(*) AS count FROM visit_check WHERE visitId = ? AND positionSealed IS NOT NULL AND distanceMetres = 50',
          [visitId],
        )
      )[0].count,
    );
  const days = (count: number) => ({ now: later(5000 + count * 1440), days: 180 });
  await dropOldPositions(open.database, days(180));
  expect(await positions()).toBe(1);
  expect(await dropOldPositions(open.database, days(181))).toBeGreaterThanOrEqual(1);
  expect(await positions()).toBe(0);
  expect(await dropOldPositions(open.database, days(181))).toBe(0);
  const [row] = await open.writer.query('SELECT * FROM visit_check WHERE visitId = ?', [visitId]);
  expect(row).toMatchObject({ distanceMetres: 50, doubts: '' });
});
