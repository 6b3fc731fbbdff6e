import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import {
  address,
  closeElderFiles,
  erase,
  exported,
  logged,
  name,
  newElderFile,
  open,
  person,
  phone,
  server,
  startElderFiles,
  town,
} from '../support/elder-files.js';
import { looksIn } from '../support/looks.js';
import { noon, today } from '../support/town.js';

beforeAll(startElderFiles);
beforeEach(newElderFile);
afterAll(closeElderFiles);

it('the file is exported whole, and that is recorded', async () => {
  logged.length = 0;
  const file = await exported();
  expect(file).toMatchObject({ elderId: String(person.elderId), exportedAt: noon.toISOString() });
  expect(JSON.parse((file as { json: string }).json)).toEqual({
    exportedAt: noon.toISOString(),
    registration: {
      id: person.elderId,
      name,
      idNumber: person.idNumber,
      phone,
      address,
      birthDate: '1948-05-06',
      abilityLevel: 2,
      abilityExpiresOn: '2027-01-01',
      status: 'ACTIVE',
      registeredOn: today,
      endedOn: null,
      erasedAt: null,
      homeStation: { code: 'STATION', name: 'STATION' },
      categories: ['LIVING_ALONE'],
      cityCategories: [],
      emergencyContacts: [],
      door: null,
    },
    relatives: [],
    deliveries: [],
    meals: {
      cards: [
        { uid: person.uids[0], status: 'REPLACED', issuedOn: today, expiresOn: null },
        { uid: person.uids[1], status: 'ACTIVE', issuedOn: today, expiresOn: null },
      ],
      cardReplacements: [{ oldUid: person.uids[0], newUid: person.uids[1], at: noon.toISOString() }],
      topUps: [
        { requestId: expect.any(String), cardUid: person.uids[0], fen: 10_000, at: noon.toISOString() },
      ],
      reviews: [],
      payouts: [],
      swipes: [
        expect.objectContaining({
          outcome: 'ACCEPTED',
          voidReason: person.reason,
          voidedAt: noon.toISOString(),
        }),
        expect.objectContaining({
          cardUid: person.uids[0],
          canteenCode: 'CANTEEN-1',
          swipedAt: noon.toISOString(),
          mealDate: today,
          meal: 'LUNCH',
          offline: false,
          grossFen: 1200,
          subsidyFen: 300,
          selfPaidFen: 900,
          voidedAt: null,
        }),
      ],
      disputes: [],
      fraudFlags: [],
      account: [{ balanceFen: 9100 }],
      ledgerEntries: [10_000, -900, 900, -900].map((fen) =>
        expect.objectContaining({ fen, bookedOn: today }),
      ),
    },
    visits: [],
    hours: { postings: [], disputes: [] },
    assessments: { assessments: [], changes: [] },
    waitingLists: { entries: [], offers: [], passedOver: [] },
    beds: { charges: [], holds: [], leaves: [], stays: [], transfers: [] },
    bedDays: { lines: [], disputes: [] },
    notices: [],
    care: {
      checks: [],
      evidence: [],
      notes: [],
      measurements: [],
      limits: [],
      measurementAlerts: [],
      visitAlerts: [],
      ratings: [],
      doorTags: [],
      objections: [],
    },
  });
  expect((await looksIn(open.database)).map(({ field, elderId }) => [field, elderId])).toEqual(
    ['address', 'idNumber', 'phone'].map((field) => [field, person.elderId]),
  );
  expect(logged.join('')).not.toContain(person.idNumber);
});

it('an administrator alone exports and erases, and an id that nobody has is unknown', async () => {
  for (const token of [
    await server.managerToken(town.cityId),
    await server.readerToken(town.canteenIds[0]),
  ]) {
    expect(await exported(person.elderId, token)).toBe('FORBIDDEN');
    expect(await erase(person.elderId, token)).toBe('FORBIDDEN');
  }
  expect(await exported('999999')).toBeNull();
  expect(await exported('no id')).toBeNull();
  expect(await erase('999999')).toEqual({
    __typename: 'ElderRefusal',
    code: 'ELDER_UNKNOWN',
    field: ['elderId'],
  });
});
