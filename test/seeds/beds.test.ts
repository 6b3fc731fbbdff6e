import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { BedType } from '../../entities/beds/bed.entity.js';
import { eldersOfHomes } from '../../seeds/beds/applicants.js';
import { seedDemo } from '../../seeds/demo.js';
import { seedBeds } from '../../seeds/demo-beds.js';
import { seedElders } from '../../seeds/demo-elders.js';
import { genderOf } from '../../src/beds/bed.rules.js';
import { explainPosition, waitlistOf } from '../../src/beds/find-waitlist.js';
import { passOffersOn } from '../../src/beds/pass-offers-on.js';
import { levelOn } from '../../src/elders/assessment.rules.js';
import { assessmentsOf } from '../../src/elders/read-assessments.js';
import { authenticatedName } from '../../src/elders/sealed-fields.js';
import { SettableClock } from '../../src/shared/clock.js';
import { cipherOf } from '../../src/shared/database-cipher.js';
import { IdBlocks } from '../../src/shared/ids.js';
import { expectAuditClean } from '../support/audited.js';
import { allBeds } from '../support/beds.js';
import { openTestDatabase, type TestDatabase } from '../support/test-database.js';

const today = '2026-11-20';
const elders = 3000;
let open: TestDatabase;
const dataDir = mkdtempSync(join(tmpdir(), 'yinling-beds-'));
const clock = new SettableClock();
const graphqlUrl = 'http://127.0.0.1:4000/graphql';

const seed = () => seedDemo(open.database, { elders, dataDir, graphqlUrl, clock, progress: false });
const rows = <Row>(sql: string): Promise<Row[]> => open.writer.query(sql);
const number = async (sql: string) => Number((await rows<{ n: number | string }>(sql))[0]?.n);
const homeId = (code: string) => number(`SELECT id AS n FROM facility WHERE code = '${code}'`);

beforeAll(async () => {
  clock.set(new Date(`${today}T12:00:00+08:00`), 0);
  open = await openTestDatabase();
  await seed();
  // A city takes its time on a busy machine.
}, 240_000);
afterAll(async () => {
  await open.drop();
  rmSync(dataDir, { recursive: true, force: true });
});

const seededTables = [
  ...[
    'room',
    'bed',
    'bed_fee',
    'bed_own_fee',
    'bed_stay',
    'stay_leave',
    'bed_hold',
    'bed_offer',
    'stay_transfer',
  ],
  ...[
    'bed_out_of_service',
    'waitlist_entry',
    'waitlist_pass',
    'waitlist_skip',
    'elder_assessment',
    'facility',
  ],
  ...['account', 'access_grant', 'admission_rule', 'visit'],
];

async function counts() {
  const found: Record<string, number> = {};
  for (const table of seededTables) found[table] = await number(`SELECT COUNT(*) AS n FROM ${table}`);
  return found;
}

describe('the city’s nursing homes', () => {
  it('are filled as far as the city has elders for them, and the rest stand empty', async () => {
    const filled = [...eldersOfHomes(elders).keys()];
    const beds = filled.reduce((sum, { size }) => sum + size, 0);
    expect(await number("SELECT COUNT(*) AS n FROM facility WHERE kind = 'NURSING_HOME'")).toBe(117);
    expect(await number('SELECT COUNT(DISTINCT facilityId) AS n FROM bed')).toBe(filled.length);
    expect(await number('SELECT COUNT(*) AS n FROM bed')).toBe(beds);
    const nursing = await number("SELECT COUNT(*) AS n FROM bed WHERE type = 'NURSING'");
    expect(nursing / beds).toBeCloseTo(0.72, 2);
    const fees = await number('SELECT COUNT(DISTINCT facilityId) AS n FROM bed_fee');
    expect(fees).toBe(filled.length);
  });

  it('have as many residents as they are to have, some of them away, and others who went home again', async () => {
    const filled = [...eldersOfHomes(elders).keys()];
    const wanted = filled.reduce((sum, { size, occupancy }) => sum + size * occupancy, 0);
    const living = await number('SELECT COUNT(*) AS n FROM bed_stay WHERE toDay IS NULL');
    expect(living / wanted).toBeGreaterThan(0.93);
    expect(living / wanted).toBeLessThan(1.03);
    expect(await number('SELECT COUNT(*) AS n FROM stay_leave WHERE toDay IS NULL')).toBeGreaterThan(0);
    expect(
      await number("SELECT COUNT(*) AS n FROM bed_stay WHERE endReason = 'HOME' AND toDay > '2025-11-20'"),
    ).toBeGreaterThan(10);
    const age = (condition: string) =>
      number(`SELECT AVG(2026 - CAST(SUBSTR(CAST(birthDate AS CHAR), 1, 4) AS DECIMAL)) AS n FROM elder
               WHERE ${condition} (SELECT 1 FROM bed_stay s WHERE s.openElderId = elder.id)`);
    expect((await age('EXISTS')) - (await age('NOT EXISTS'))).toBeGreaterThan(4);
  });

  it('let in nobody whom the rules would have kept out', async () => {
    type Row = {
      elderId: number;
      type: BedType;
      genderRule: string;
      fromDay: string;
      idNumberSealed: string;
    };
    const stays = await rows<Row>(
      `SELECT s.elderId, b.type, r.genderRule, CAST(s.fromDay AS CHAR) AS fromDay, e.idNumberSealed
         FROM bed_stay s JOIN bed b ON b.id = s.bedId JOIN room r ON r.id = b.roomId
         JOIN elder e ON e.id = s.elderId WHERE s.previousStayId IS NULL`,
    );
    expect(stays.length).toBeGreaterThan(300);
    await open.database.read(async (manager) => {
      const kept = await assessmentsOf(
        manager,
        stays.map(({ elderId }) => elderId),
      );
      for (const { elderId, type, genderRule, fromDay, idNumberSealed } of stays) {
        const [levelMin, levelMax] = suits[type];
        const level = levelOn(kept.get(elderId) ?? [], fromDay);
        expect(level, `${elderId} on ${fromDay}`).toBeGreaterThanOrEqual(levelMin);
        expect(level).toBeLessThanOrEqual(levelMax);
        const idNumber = cipherOf(manager).decrypt(authenticatedName('idNumber'), idNumberSealed);
        expect(['ANY', genderOf(idNumber)]).toContain(genderRule);
      }
      for (const each of [...kept.values()].flat()) {
        const { findings, score } = each;
        const sum = findings?.scores.reduce((total, one) => total + one.score, 0);
        if (each.kind === 'ASSESSED') expect(sum).toBe(score);
      }
    });
  });

  it('has a line at the first demonstration home, in the order of the rules, with an offer and a reason', async () => {
    const facilityId = await homeId('NY-411302-N001');
    const now = clock.now();
    const asked = { facilityId, type: 'NURSING' as const, now };
    const line = await open.database.read((manager) => waitlistOf(manager, asked, 'everywhere'));
    expect(line.length).toBeGreaterThan(8);
    const offered = await number(
      `SELECT COUNT(*) AS n FROM bed_offer o JOIN bed_hold h ON h.id = o.id
        WHERE h.facilityId = ${facilityId} AND h.endedAt IS NULL AND h.expiresAt > ${now.getTime()}`,
    );
    expect(offered).toBe(2);
    const [skipped] = await rows<{ entryId: number }>(
      `SELECT s.entryId FROM waitlist_skip s JOIN waitlist_entry w ON w.id = s.entryId
        WHERE w.facilityId = ${facilityId} LIMIT 1`,
    );
    const told = await open.database.read((manager) =>
      explainPosition(manager, Number(skipped?.entryId), allBeds, now),
    );
    expect(told.map(({ zh }) => zh).join()).toContain('没有电梯');
  });

  it('keeps every rule, and none of its residents was visited or has eaten', async () => {
    await expectAuditClean(open.database);
    for (const table of ['visit', 'swipe']) {
      const used = `SELECT COUNT(*) AS n FROM ${table} v JOIN bed_stay s ON s.elderId = v.elderId`;
      expect(await number(used)).toBe(0);
    }
  });

  it('seeded again it changes nothing, and with more elders it adds homes', async () => {
    const before = await counts();
    await seed();
    expect(await counts()).toEqual(before);
    const first = await homeId('NY-411302-N002');
    expect(await number(`SELECT COUNT(*) AS n FROM bed WHERE facilityId = ${first}`)).toBe(0);
    await seedElders(open.database, { elders: 3600 });
    const added = eldersOfHomes(3600).size - eldersOfHomes(elders).size;
    expect(added).toBeGreaterThan(0);
    expect(await seedBeds(open.database, { elders: 3600, now: clock.now() })).toBe(added);
    expect((await counts()).bed).toBeGreaterThan(before.bed ?? 0);
    await expectAuditClean(open.database);
  });

  it('passes on what it offers when nobody takes it, and nothing that was answered before', async () => {
    const standing = await number(
      'SELECT COUNT(*) AS n FROM bed_offer o JOIN bed_hold h ON h.id = o.id WHERE h.endedAt IS NULL AND o.passedOnAs IS NULL',
    );
    expect(standing).toBeGreaterThanOrEqual(2);
    const ids = new IdBlocks(open.database, 1000);
    expect(await passOffersOn(open.database, { ids, now: clock.now() })).toEqual([]);
    const later = new Date(clock.now().getTime() + 73 * 3_600_000);
    const outcomes = await passOffersOn(open.database, { ids, now: later });
    expect(outcomes.length).toBe(standing);
    expect(outcomes).toContain('OFFERED');
    await expectAuditClean(open.database);
  });
});

/** The levels that each type of bed suits, by the rules that the tables come with. */
const suits: Record<BedType, readonly [number, number]> = {
  GENERAL: [0, 2],
  NURSING: [1, 4],
  DAY_CARE: [0, 3],
  HOME: [1, 4],
};
