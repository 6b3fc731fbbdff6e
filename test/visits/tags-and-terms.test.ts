import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { setCareTerms } from '../../src/visits/care-terms.js';
import { issueDoorTag, revokeDoorTag } from '../../src/visits/door-tags.js';
import {
  buildCareTown,
  type Carer,
  type CareTown,
  careRows,
  expectCareClean,
  later,
  metresAway,
  newCarer,
  newVisit,
  tapOf,
  tapped,
  toldOf,
  visitNow,
} from '../support/care.js';
import { openTestDatabase, type TestDatabase } from '../support/test-database.js';
import { noon, today } from '../support/town.js';

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

describe('the tag at the door', () => {
  const issued = (elderId: number, now = later(-600)) =>
    open.database.write(async (manager) => {
      const tag = await issueDoorTag(manager, { elderId, byId: town.managerId, now }, 'everywhere');
      if ('refused' in tag) throw new Error(tag.refused);
      return tag;
    });

  it('shows that somebody stood there, is kept as a hash alone, and is asked for where it hangs', async () => {
    const { visitId, elderId } = await newVisit(town, [own]);
    const { code } = await issued(elderId);
    expect(code).toMatch(/^YLDOOR-[\w-]{27}$/);
    expect(JSON.stringify(await open.writer.query('SELECT * FROM door_tag'))).not.toContain(code.slice(7));
    await tapped(town, own, tapOf(visitId, { tag: code }));
    await tapped(town, own, tapOf(visitId, { kind: 'OUT', at: later(60) }));
    expect(await visitNow(town, visitId)).toMatchObject({ score: 100, decision: 'PAY' });

    const without = await newVisit(town, [own], { elderId, from: later(120).toISOString() });
    await tapped(town, own, tapOf(without.visitId, { at: later(120) }));
    expect(await visitNow(town, without.visitId)).toMatchObject({ score: 85, reasons: 'NO_TAG' });
  });

  it('of another door, or one that was revoked, asks for a look', async () => {
    const neighbour = await newVisit(town, [own]);
    const { visitId, elderId } = await newVisit(town, [own], { from: later(120).toISOString() });
    const theirs = await issued(neighbour.elderId);
    const lost = await issued(elderId);
    const revoked = { id: lost.id, byId: town.managerId, now: noon };
    await open.database.write((manager) => revokeDoorTag(manager, revoked, 'everywhere'));
    await tapped(town, own, tapOf(visitId, { tag: theirs.code, at: later(120) }));
    await tapped(town, own, tapOf(visitId, { kind: 'OUT', tag: lost.code, at: later(180) }));
    expect(await visitNow(town, visitId)).toMatchObject({
      score: 60,
      decision: 'LOOK',
      reasons: 'WRONG_TAG',
      isOpen: true,
    });
  });

  it('is not asked for at a visit before it was hung up', async () => {
    const { visitId, elderId } = await newVisit(town, [own]);
    await issued(elderId, later(1));
    await tapped(town, own, tapOf(visitId, { at: later(2) }));
    expect(await visitNow(town, visitId)).toMatchObject({ score: 100 });
  });
});

describe('terms', () => {
  const set = (facilityId: number, changed: object, now = noon) =>
    open.database.write((manager) =>
      setCareTerms(manager, { facilityId, fromDay: today, changed, byId: town.managerId, now }, 'everywhere'),
    );

  it('of the nearest facility decide: there a far tap is recorded, and blocks the payment', async () => {
    await set(town.cityId, { farMetres: 200 });
    await set(town.otherCountyId, { farMetres: 300, isFarRefused: false });
    const here = await newVisit(town, [own]);
    expect(toldOf(await tapped(town, own, tapOf(here.visitId, metresAway(201))))).toBe(
      'TOO_FAR_AWAY latitude',
    );
    const there = await newVisit(town, [own], {
      stationId: town.otherStationId,
      from: later(120).toISOString(),
    });
    expect(
      toldOf(await tapped(town, own, tapOf(there.visitId, { ...metresAway(301), at: later(120) }))),
    ).toBe('recorded');
    await tapped(town, own, tapOf(there.visitId, { kind: 'OUT', at: later(180) }));
    expect(await visitNow(town, there.visitId)).toMatchObject({
      status: 'COMPLETED',
      score: 30,
      decision: 'BLOCK',
      reasons: 'TOO_FAR',
      isOpen: true,
    });
  });

  it('are refused with the field, and nothing is written', async () => {
    const before = await careRows(town);
    const refused = async (changed: object, facilityId = town.cityId, now = noon) =>
      toldOf(await set(facilityId, changed, now));
    expect(await refused({ nearMetres: 1 })).toBe('VALUE_OUT_OF_RANGE input.nearMetres');
    expect(await refused({ streetAfterMinutes: 1 })).toBe('VALUE_OUT_OF_RANGE input.streetAfterMinutes');
    expect(await refused({}, 999_999)).toBe('FACILITY_UNKNOWN input.facilityId');
    expect(await refused({}, town.cityId, later(1440))).toBe('BACKDATED input.fromDay');
    expect(await careRows(town)).toBe(before);
  });
});
