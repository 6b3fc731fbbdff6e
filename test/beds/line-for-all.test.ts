import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { admissionTerms } from '../../src/beds/admission-terms.js';
import { admit } from '../../src/beds/admit.js';
import { declineOffer } from '../../src/beds/answer-offer.js';
import { acceptTransfer, askTransfer } from '../../src/beds/ask-transfer.js';
import { explainPosition } from '../../src/beds/find-waitlist.js';
import { holdBed } from '../../src/beds/hold-bed.js';
import { setAdmissionRule } from '../../src/beds/set-admission-rule.js';
import { transferStay } from '../../src/beds/transfer-stay.js';
import { addDays, type Day } from '../../src/shared/china-time.js';
import { expectAuditClean } from '../support/audited.js';
import { addBeds, addHome, addResident, admitted, allBeds, outcomeOf, tryHold } from '../support/beds.js';
import { openTestDatabase, type TestDatabase } from '../support/test-database.js';
import { buildTown, noon, type Town, today } from '../support/town.js';
import { addApplicant, after, joined, placed, tryAccept, tryOffer } from '../support/waiting.js';

let open: TestDatabase;
let town: Town;
let home: number;
let bedId: number;
beforeAll(async () => {
  open = await openTestDatabase();
  town = await buildTown(open.database);
});
beforeEach(async () => {
  home = await addHome(town);
  [bedId = 0] = await addBeds(town, home, [{}]);
});
afterAll(async () => {
  await expectAuditClean(open.database);
  await open.drop();
});

const acting = () => ({ byId: town.managerId, now: noon });

async function waits(hours = 0, wish: Parameters<typeof addApplicant>[1] = {}) {
  const elderId = await addApplicant(town, wish);
  const { id: entryId } = await joined(town, { elderId, facilityId: home, now: after(hours) });
  return { elderId, entryId };
}

const explained = async (entryId: number) => {
  const lines = await open.database.read((manager) => explainPosition(manager, entryId, allBeds, noon));
  return lines.map(({ en }) => en).join('\n');
};

async function holdPast(elderId: number, skipReason: string | null, requestId = randomUUID()) {
  const id = await town.ids.take(1);
  const expiresAt = new Date(noon.getTime() + 86_400_000);
  const wanted = { id, requestId, bedId, elderId, from: today, expiresAt, skipReason, ...acting() };
  return open.database.write((manager) => holdBed(manager, wanted, allBeds));
}

describe('a hold', () => {
  it('is refused past somebody who waits and whom the bed suits, and given with a reason that is shown to them', async () => {
    const first = await waits();
    const elderId = await addResident(town);
    expect(outcomeOf(await tryHold(town, { bedId, elderId }))).toBe('NOT_NEXT_IN_LINE');
    expect(outcomeOf(await holdPast(elderId, 'x'.repeat(201)))).toBe('NOTE_INVALID');
    expect(outcomeOf(await holdPast(elderId, '遗失住所'))).toBe('done');
    expect(await explained(first.entryId)).toContain('遗失住所');
  });

  it('becomes a stay without the line being asked again, however many joined meanwhile', async () => {
    const elderId = await addResident(town);
    const hold = await tryHold(town, { bedId, elderId });
    if ('refused' in hold) throw new Error(hold.refused);
    const later = await waits();
    const wanted = { id: await town.ids.take(1), requestId: randomUUID(), bedId, elderId, from: today };
    const stay = await open.database.write((manager) =>
      admit(manager, { ...wanted, holdId: hold.id, contractSignedOn: null, ...acting() }, allBeds),
    );
    expect(outcomeOf(stay)).toBe('done');
    expect(await explained(later.entryId)).not.toContain('given past');
  });

  it('is free to the next in line, to the destitute, and past those whom the bed does not suit', async () => {
    const first = await waits();
    await waits(1);
    expect(outcomeOf(await tryHold(town, { bedId, elderId: first.elderId }))).toBe('done');
    const [other = 0] = await addBeds(town, home, [{}]);
    const destitute = await addApplicant(town, { categories: ['DESTITUTE'] });
    expect(outcomeOf(await tryHold(town, { bedId: other, elderId: destitute }))).toBe('done');
    const [forMen = 0] = await addBeds(town, home, [{ gender: 'MALE' }]);
    const man = await addResident(town, { gender: 'MALE' });
    expect(outcomeOf(await tryHold(town, { bedId: forMen, elderId: man }))).toBe('done');
  });

  it('sent again is the first, and with another reason is another request', async () => {
    await waits();
    const elderId = await addResident(town);
    const requestId = randomUUID();
    const hold = await holdPast(elderId, '急需', requestId);
    expect(await holdPast(elderId, '急需', requestId)).toEqual(hold);
    expect(outcomeOf(await holdPast(elderId, null, requestId))).toBe('REQUEST_ID_REUSED');
  });
});

describe('a transfer', () => {
  const move = async (stayId: number, to: number, skipReason: string | null = null) => {
    const wanted = { id: await town.ids.take(1), requestId: randomUUID(), stayId, bedId: to, on: today };
    return open.database.write((manager) =>
      transferStay(manager, { ...wanted, skipReason, ...acting() }, allBeds),
    );
  };

  async function residentOf(facilityId: number) {
    const [from = 0] = await addBeds(town, facilityId, [{}]);
    return admitted(town, { bedId: from, elderId: await addResident(town), from: addDays(today, -10) });
  }

  it('into another facility does not pass its line without a reason', async () => {
    const stay = await residentOf(await addHome(town));
    const first = await waits();
    expect(outcomeOf(await move(stay.id, bedId))).toBe('NOT_NEXT_IN_LINE');
    expect(outcomeOf(await move(stay.id, bedId, '机构关停'))).toBe('done');
    expect(await explained(first.entryId)).toContain('机构关停');
  });

  it('inside a facility asks no line', async () => {
    const [from = 0] = await addBeds(town, home, [{}]);
    const elderId = await addResident(town);
    const stay = await admitted(town, { bedId: from, elderId, from: addDays(today, -10) });
    await waits();
    expect(outcomeOf(await move(stay.id, bedId))).toBe('done');
  });

  it('that another facility accepts asks the line of that facility', async () => {
    const stay = await residentOf(await addHome(town));
    await waits();
    const transferId = await town.ids.take(1);
    const question = {
      id: transferId,
      requestId: randomUUID(),
      stayId: stay.id,
      facilityId: home,
      on: today,
    };
    await open.database.write((manager) => askTransfer(manager, { ...question, ...acting() }, allBeds));
    const accept = async (skipReason: string | null) => {
      const wanted = { id: await town.ids.take(1), requestId: randomUUID(), transferId, bedId, on: null };
      return open.database.write((manager) =>
        acceptTransfer(manager, { ...wanted, skipReason, ...acting() }, allBeds),
      );
    };
    expect(outcomeOf(await accept(null))).toBe('NOT_NEXT_IN_LINE');
    expect(outcomeOf(await accept('x'.repeat(201)))).toBe('NOTE_INVALID');
    expect(outcomeOf(await accept('原机构停业'))).toBe('done');
  });
});

it('an offer is accepted with the contract where the rule wants it before the elder comes', async () => {
  const asked = { facilityId: home, bedType: 'GENERAL' as const, on: today };
  const terms = await open.database.read((manager) => admissionTerms(manager, asked));
  const rule = { ...terms, contractBy: 'ADMISSION' as const, facilityId: home, bedType: 'GENERAL' as const };
  await open.database.write((manager) =>
    setAdmissionRule(manager, { rule: { ...rule, from: today }, now: noon }, 'everywhere'),
  );
  const { elderId } = await waits();
  const { offer } = placed(await tryOffer(town, { bedId, now: after(1) }));
  const accept = (contractSignedOn?: Day | null) =>
    tryAccept(town, offer?.id ?? 0, { from: addDays(today, 1), now: after(2), contractSignedOn });
  expect(outcomeOf(await accept())).toBe('CONTRACT_MISSING');
  expect(outcomeOf(await accept(addDays(today, 2)))).toBe('CONTRACT_MISSING');
  expect(await accept(today)).toMatchObject({ elderId, contractSignedOn: today, from: addDays(today, 1) });
});

it('an offer is answered once, in time, and by its own family, whichever the answer', async () => {
  const { elderId } = await waits();
  const other = await addResident(town);
  const { offer } = placed(await tryOffer(town, { bedId, now: after(1) }));
  const offerId = offer?.id ?? 0;
  const of = (id: number) => ({ beds: [], elders: { places: [], elderIds: [id] } });
  const decline = (hours: number, id: number, reason = '离家太远') => {
    const wanted = { offerId, reason, byId: town.managerId, now: after(hours) };
    return open.database.write((manager) => declineOffer(manager, wanted, of(id)));
  };
  expect(outcomeOf(await decline(2, other))).toBe('STAY_UNKNOWN');
  expect(outcomeOf(await tryAccept(town, offerId, { now: after(2), reach: of(other) }))).toBe('STAY_UNKNOWN');
  expect(outcomeOf(await decline(2, elderId, ' '))).toBe('NOTE_INVALID');
  expect(outcomeOf(await decline(73, elderId))).toBe('HOLD_EXPIRED');
  expect(outcomeOf(await tryAccept(town, offerId, { now: after(73), reach: of(elderId) }))).toBe(
    'HOLD_EXPIRED',
  );
  expect(outcomeOf(await decline(2, elderId))).toBe('done');
  expect(outcomeOf(await decline(2, elderId))).toBe('WRONG_STATE');
  expect(outcomeOf(await tryAccept(town, offerId, { now: after(3), reach: of(elderId) }))).toBe(
    'WRONG_STATE',
  );
});
