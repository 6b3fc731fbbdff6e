import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { careRows, newVisit } from '../support/care.js';
import { type CareOffice, careRefusal, openCareOffice } from '../support/care-office.js';

let office: CareOffice;
let server: CareOffice['server'];
let town: CareOffice['town'];
let own: CareOffice['own'];
let colleague: CareOffice['colleague'];
let manager: CareOffice['manager'];
let stranger: CareOffice['stranger'];
let ask: CareOffice['ask'];
let begun: CareOffice['begun'];
beforeAll(async () => {
  office = await openCareOffice();
  ({ server, town, own, colleague, manager, stranger, ask, begun } = office);
});
afterAll(() => office.close());

describe('checkIn and checkOut', () => {
  const visitRefusal = '... on VisitRefusal { refused: code field message alternatives { startsAt } }';
  const check = (name: string, id: number, more = '') =>
    `mutation { ${name}(visitId: ${id}, at: "2026-03-10T12:00:00+08:00", latitude: 33.0, longitude: 112.5${more}) { ... on Visit { status checkedInAt checkedOutAt } ${visitRefusal} } }`;

  it('by the caregiver of the visit begin it and end it', async () => {
    const { visitId } = await newVisit(town, [own]);
    expect(await ask(check('checkIn', visitId), colleague.token)).toMatchObject({
      refused: 'VISIT_UNKNOWN',
      field: ['visitId'],
      alternatives: [],
    });
    expect(await ask(check('checkIn', visitId), manager)).toBe('FORBIDDEN');
    expect(await ask(check('checkOut', visitId), own.token)).toMatchObject({ refused: 'WRONG_STATUS' });
    expect(await ask(check('checkIn', visitId), own.token)).toEqual({
      status: 'IN_PROGRESS',
      checkedInAt: '2026-03-10T04:00:00.000Z',
      checkedOutAt: null,
    });
    const id = randomUUID();
    const out = check('checkOut', visitId, `, requestId: "${id}", offline: false`);
    const done = await ask(out, own.token);
    expect(done).toMatchObject({ status: 'COMPLETED', checkedOutAt: '2026-03-10T04:00:00.000Z' });
    expect(await ask(out, own.token)).toEqual(done);
  });

  it('answer each tap of an upload, in its language', async () => {
    const { visitId } = await newVisit(town, [own]);
    const tap = (kind: string, more = '') =>
      `{ requestId: "${randomUUID()}", visitId: ${visitId}, kind: ${kind}, at: "2026-03-10T11:45:00+08:00"${more} }`;
    const query = `mutation { recordVisitChecks(input: [${tap('OUT')}, ${tap('IN', ', latitude: 33.0, longitude: 112.5, accuracyMetres: 12.5')}, ${tap('IN', ', latitude: 99.0, longitude: 0')}]) { outcome replayed refusal { code field message } visit { status } } }`;
    const completed = { status: 'COMPLETED' };
    const recorded = { outcome: 'RECORDED', replayed: false, refusal: null, visit: completed };
    const refused = {
      code: 'POSITION_INVALID',
      field: ['latitude'],
      message: expect.stringMatching(/^latitude: Latitude/),
    };
    expect(await ask(query, own.token)).toEqual([
      recorded,
      recorded,
      { outcome: 'REFUSED', replayed: false, refusal: refused, visit: null },
    ]);
    const again = await ask<{ replayed: boolean }[]>(query, own.token);
    expect(again.map(({ replayed }) => replayed)).toEqual([true, true, false]);
    expect(await ask('mutation { recordVisitChecks(input: []) { outcome } }', own.token)).toBe(
      'BAD_USER_INPUT',
    );
  });

  it('missing, the station ends a visit, and somebody else looks at it', async () => {
    const { visitId } = await begun();
    const end = (more: string) =>
      `mutation { endVisit(visitId: ${visitId}, ${more}) { ... on Visit { status checkedOutAt } ${visitRefusal} } }`;
    const at = 'at: "2026-03-10T11:55:00+08:00"';
    const before = await careRows(town);
    expect(await ask(end(`${at}, reason: " "`), manager)).toMatchObject({
      refused: 'NOTE_INVALID',
      field: ['reason'],
    });
    expect(await ask(end(`${at}, reason: "忘了"`), stranger)).toMatchObject({ refused: 'VISIT_UNKNOWN' });
    expect(await ask(end('at: "2026-03-10T10:00:00+08:00", reason: "忘了"'), manager)).toMatchObject({
      refused: 'TIME_OUT_OF_RANGE',
      field: ['at'],
    });
    expect(await ask(end('at: "2026-03-10T12:00:01+08:00", reason: "忘了"'), manager)).toMatchObject({
      refused: 'TIME_OUT_OF_RANGE',
    });
    expect(await careRows(town)).toBe(before);
    expect(await ask(end(`${at}, reason: "手机没电"`), manager)).toEqual({
      status: 'COMPLETED',
      checkedOutAt: '2026-03-10T03:55:00.000Z',
    });
    expect(await ask(end(`${at}, reason: "手机没电"`), manager)).toMatchObject({ refused: 'WRONG_STATUS' });
    const evidence = `{ visitEvidence(visitId: ${visitId}) { score decision open paid reasons { code message } } }`;
    expect(await ask(evidence, manager)).toMatchObject({
      decision: 'LOOK',
      open: true,
      paid: false,
      reasons: [{ code: 'ENDED_FOR' }, { code: 'OFFLINE' }],
    });
    const decide = `mutation { decideVisitEvidence(visitId: ${visitId}, verdict: PAY, note: "家属证实") { ... on VisitEvidence { paid open decided note } ${careRefusal} } }`;
    expect(await ask(decide, manager)).toEqual({ refused: 'OWN_VISIT', field: ['visitId'] });
    const other = await server.managerToken(town.stationId);
    expect(await ask(decide, other)).toEqual({ paid: true, open: false, decided: 'PAY', note: '家属证实' });
  });
});
