import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { careRows } from '../support/care.js';
import { type CareOffice, careRefusal, openCareOffice } from '../support/care-office.js';

let office: CareOffice;
let open: CareOffice['open'];
let town: CareOffice['town'];
let own: CareOffice['own'];
let manager: CareOffice['manager'];
let stranger: CareOffice['stranger'];
let ask: CareOffice['ask'];
let newCarer: CareOffice['newCarer'];
let begun: CareOffice['begun'];
beforeAll(async () => {
  office = await openCareOffice();
  ({ open, town, own, manager, stranger, ask, newCarer, begun } = office);
});
afterAll(() => office.close());

describe('evidence', () => {
  it('waits at its station, page by page, until somebody who had no part decides', async () => {
    const waiting = [await begun({ isDone: true, metres: 800 }), await begun({ isDone: true, metres: 900 })];
    const list = (token: string, more = 'first: 200') =>
      ask<{ nodes: { visit: { id: string } }[]; pageInfo: object }>(
        `{ evidenceForReview(${more}) { nodes { score decision visit { id elder { name } } checks { kind caregiverName offline distanceMetres tag doubts } } pageInfo { hasNextPage endCursor } } }`,
        token,
      );
    const [first, second] = waiting.map(({ visitId }) => visitId) as [number, number];
    const cursor = Buffer.from(`id:${first - 1}`).toString('base64url');
    const page = await list(manager, `first: 1, after: "${cursor}"`);
    expect(page).toMatchObject({
      nodes: [
        {
          decision: 'BLOCK',
          visit: { id: String(waiting[0]?.visitId) },
          checks: [
            { kind: 'IN', distanceMetres: 800, offline: true, tag: 'NONE', doubts: [] },
            { kind: 'OUT' },
          ],
        },
      ],
      pageInfo: { hasNextPage: true },
    });
    const { endCursor } = page.pageInfo as { endCursor: string };
    expect(await list(manager, `first: 1, after: "${endCursor}"`)).toMatchObject({
      nodes: [{ visit: { id: String(waiting[1]?.visitId) } }],
    });
    expect((await list(stranger)).nodes).toEqual([]);
    expect(await list(own.token)).toBe('FORBIDDEN');
    const decide = (id: number, verdict: string, note = '已核实') =>
      `mutation { decideVisitEvidence(visitId: ${id}, verdict: ${verdict}, note: "${note}") { ... on VisitEvidence { paid decided } ${careRefusal} } }`;
    const before = await careRows(town);
    expect(await ask(decide(first, 'PAY', ' '), manager)).toEqual({
      refused: 'NOTE_INVALID',
      field: ['note'],
    });
    expect(await ask(decide(first, 'PAY'), stranger)).toEqual({
      refused: 'VISIT_UNKNOWN',
      field: ['visitId'],
    });
    const fine = await begun({ isDone: true });
    const rows = await careRows(town);
    expect(await ask(decide(fine.visitId, 'BLOCK'), manager)).toEqual({
      refused: 'WRONG_STATE',
      field: ['visitId'],
    });
    expect(await careRows(town)).toBe(rows);
    expect(rows).not.toBe(before);
    expect(await ask(decide(first, 'PAY'), manager)).toEqual({ paid: true, decided: 'PAY' });
    expect(await ask(decide(first, 'BLOCK'), manager)).toEqual({ paid: false, decided: 'BLOCK' });
    expect(await ask(decide(second, 'BLOCK'), manager)).toEqual({ paid: false, decided: 'BLOCK' });
    const left = (await list(manager)).nodes.map(({ visit }) => Number(visit.id));
    expect(left.filter((id) => id === first || id === second)).toEqual([]);
  });

  it('is not decided by a manager who brought the visit', async () => {
    const both = await newCarer();
    await open.database.write((writer) =>
      writer.query(
        "INSERT INTO access_grant (accountId, role, facilityId, fromAt, showsIdentities) VALUES (?, 'MANAGER', ?, 0, 0)",
        [both.accountId, town.stationId],
      ),
    );
    const { visitId } = await begun({ isDone: true, carer: both, metres: 900 });
    const decide = `mutation { decideVisitEvidence(visitId: ${visitId}, verdict: PAY, note: "是我") { ... on VisitEvidence { paid } ${careRefusal} } }`;
    expect(await ask(decide, both.token)).toEqual({ refused: 'OWN_VISIT', field: ['visitId'] });
    expect(await ask(decide, manager)).toEqual({ paid: true });
  });
});
