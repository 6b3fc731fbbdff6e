import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { careRows, later, newVisit } from '../support/care.js';
import { type CareOffice, careRefusal, openCareOffice } from '../support/care-office.js';
import { statementsOf } from '../support/count-statements.js';
import { looksIn } from '../support/looks.js';
import { noon, today } from '../support/town.js';
import { addDoor } from '../support/visits.js';

let office: CareOffice;
let open: CareOffice['open'];
let server: CareOffice['server'];
let town: CareOffice['town'];
let colleague: CareOffice['colleague'];
let manager: CareOffice['manager'];
let stranger: CareOffice['stranger'];
let ask: CareOffice['ask'];
let newCarer: CareOffice['newCarer'];
let relative: CareOffice['relative'];
beforeAll(async () => {
  office = await openCareOffice();
  ({ open, server, town, colleague, manager, stranger, ask, newCarer, relative } = office);
});
afterAll(() => office.close());

describe('what a caregiver needs for the day', () => {
  it('comes with visitsOn in order: the address, the door, what to bring, whom to ring; only then and only theirs', async () => {
    const fresh = await newCarer();
    const second = await newVisit(town, [fresh], { from: later(120).toISOString() });
    const first = await newVisit(town, [fresh]);
    await addDoor(open.database, first.elderId, { phone: '13800001234', address: '南阳市卧龙区梅溪路1号' });
    const contacts = (id: number, list: string) =>
      `mutation { setElderContacts(elderId: ${id}, contacts: [${list}]) { ... on ElderContacts { contacts { name phone } } ... on ElderContactsRefusal { refused: code field } } }`;
    const daughter = '{ name: "王芳", relation: "女儿", phone: "139-0000-0000" }';
    const before = await careRows(town);
    expect(await ask(contacts(first.elderId, daughter), stranger)).toEqual({
      refused: 'ELDER_UNKNOWN',
      field: ['elderId'],
    });
    expect(
      await ask(contacts(first.elderId, '{ name: "王芳", relation: "女儿", phone: "12" }'), manager),
    ).toEqual({ refused: 'CONTACT_INVALID', field: ['contacts', '0', 'phone'] });
    expect(
      await ask(contacts(first.elderId, [daughter, daughter, daughter, daughter].join()), manager),
    ).toEqual({ refused: 'TOO_MANY', field: ['contacts'] });
    expect(await careRows(town)).toBe(before);
    expect(await ask(contacts(first.elderId, daughter), manager)).toEqual({
      contacts: [{ name: '王芳', phone: '13900000000' }],
    });
    const admin = await server.adminToken();
    const items = (code: string, list: string) =>
      `mutation { setServiceItems(serviceCode: "${code}", items: [${list}]) { ... on ServiceItems { items } ${careRefusal} } }`;
    expect(await ask(items('NONE', ''), admin)).toEqual({
      refused: 'SERVICE_UNKNOWN',
      field: ['serviceCode'],
    });
    expect(await ask(items('WALKING', '{ zh: "", en: "A stick" }'), admin)).toEqual({
      refused: 'NOTE_INVALID',
      field: ['items', '0', 'zh'],
    });
    expect(
      await ask(items('WALKING', '{ zh: "拐杖", en: "A stick" }, { zh: "雨伞", en: "An umbrella" }'), admin),
    ).toEqual({ items: ['A stick', 'An umbrella'] });

    const last = Math.max(0, ...(await looksIn(open.database)).map(({ id }) => id));
    const query = `{ visitsOn(date: "${today}") { id toBring elder { address door { latitude note } emergencyContacts { name relation phone } } } }`;
    const day = await ask<object[]>(query, fresh.token);
    expect(day).toMatchObject([
      {
        id: String(first.visitId),
        toBring: ['A stick', 'An umbrella'],
        elder: {
          address: '南阳市卧龙区梅溪路1号',
          door: { latitude: 33, note: '三楼，按两次铃' },
          emergencyContacts: [{ name: '王芳', relation: '女儿', phone: '13900000000' }],
        },
      },
      { id: String(second.visitId) },
    ]);
    const looks = (await looksIn(open.database, last)).filter(({ elderId }) => elderId === first.elderId);
    expect(looks.map(({ field }) => field)).toEqual(['address', 'door', 'emergencyContacts']);

    const asked = `{ elder(id: ${first.elderId}) { emergencyContacts { name phone } } }`;
    expect(await ask(asked, manager)).toEqual({ emergencyContacts: [{ name: '王*', phone: '139******00' }] });
    expect(await ask(asked, await relative(first.elderId, 'HEALTH'))).toEqual({
      emergencyContacts: [{ name: '王*', phone: '139******00' }],
    });
    expect(await ask(asked, colleague.token)).toBe(null);
    expect(await ask(`{ elder(id: ${first.elderId}) { door { note } } }`, manager)).toEqual({ door: null });
    server.clock.set(new Date('2026-03-12T00:00:00+08:00'), 0);
    expect(await ask(asked, fresh.token)).toBe(null);
    server.clock.set(noon, 0);
  });

  it('costs as many statements with eight visits as with two, and so do the alerts', async () => {
    const fresh = await newCarer();
    const query = `{ visitsOn(date: "${today}") { toBring elder { door { note } emergencyContacts { phone } careNotes { text } measurements { value } careLimits { low } } } }`;
    const counted = async (expected: number) => {
      const { result, statements } = await statementsOf(open.database, () =>
        ask<object[]>(query, fresh.token),
      );
      expect(result).toHaveLength(expected);
      return statements.filter((statement) => !/id_sequence|audit_/.test(statement)).length;
    };
    for (let index = 0; index < 2; index++) await newVisit(town, [fresh]);
    await counted(2);
    const two = await counted(2);
    for (let index = 0; index < 6; index++) await newVisit(town, [fresh]);
    expect(await counted(8)).toBe(two);
  });
});
