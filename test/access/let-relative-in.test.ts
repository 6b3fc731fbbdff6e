import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { FamilyRight } from '../../entities/access/access-grant.entity.js';
import { changeRelative } from '../../src/access/change-relative.js';
import { expectAuditClean } from '../support/audited.js';
import {
  addRelative,
  changeRights,
  inAYear,
  type KeptMessages,
  keepMessages,
  type LetIn,
  letIn,
  newPhone,
  relativesSeen,
  withdraw,
} from '../support/families.js';
import { startTestServer, type TestServer } from '../support/test-server.js';
import { addDiner, countRows, noon, today } from '../support/town.js';
import { buildTwoCounties, type TwoCounties } from '../support/two-counties.js';

let server: TestServer;
let town: TwoCounties;
let kept: KeptMessages;
let staff: string;
beforeAll(async () => {
  server = await startTestServer({
    at: noon,
    settings: { triesPerAddress: 100_000, callerRatePerSecond: 0 },
  });
  town = await buildTwoCounties(server.database);
  kept = keepMessages(server);
  staff = (await server.account('STAFF', town.streetId)).token;
});
afterAll(async () => {
  await expectAuditClean(server.database);
  await server.close();
});

const relative = (rights?: readonly FamilyRight[], more?: Parameters<typeof addRelative>[2]) =>
  addRelative({ server, town, kept, staff }, rights, more);
const all = ['BOOKING', 'HEALTH', 'MONEY'] as const;

const later = new Date(inAYear.getTime() + 86_400_000);

describe('a first relative', () => {
  it('lets others in, no further and no longer than itself, and makes no first one', async () => {
    const first = await relative(['HEALTH', 'MONEY'], { mayLetIn: true });
    const { elderId, token } = first;
    const answerOf = (more: Partial<LetIn>) => letIn(server, token, { elderId, ...more });
    const answers = [
      await answerOf({ rights: ['HEALTH', 'BOOKING'] }),
      await answerOf({ until: later }),
      await answerOf({ mayLetIn: true }),
      await answerOf({ rights: ['HEALTH'], how: 'ONLINE' }),
    ];
    expect(answers.map(({ code }) => code)).toEqual([
      'BEYOND_OWN_RIGHTS',
      'BEYOND_OWN_END',
      'NOT_FIRST_RELATIVE',
      undefined,
    ]);
    expect(answers[3]?.consents).toMatchObject([{ giver: 'RELATIVE', how: 'ONLINE' }]);
    const { id: grantId = '' } = answers[3] ?? {};
    const beyond = await changeRights(server, token, { grantId, rights: ['BOOKING'] });
    expect(beyond).toMatchObject({ code: 'BEYOND_OWN_RIGHTS', field: ['rights'] });
    expect(await changeRights(server, token, { grantId, rights: ['MONEY'] })).toMatchObject({
      rights: ['MONEY'],
    });
  });

  it('has no say over itself or over those whom the elder let in', async () => {
    const first = await relative(all, { mayLetIn: true });
    const other = await relative([], { elderId: first.elderId });
    const unknown = { code: 'RELATIVE_UNKNOWN', field: ['grantId'] };
    for (const { grantId } of [first, other]) {
      expect(await changeRights(server, first.token, { grantId, rights: [] })).toMatchObject(unknown);
    }
    expect(await withdraw(server, first.token, other.grantId)).toMatchObject(unknown);
  });

  it('takes those it let in down with itself when its rights shrink', async () => {
    const first = await relative(all, { mayLetIn: true });
    const below = await relative(['HEALTH', 'MONEY'], { elderId: first.elderId, by: first.token });
    const sooner = new Date(inAYear.getTime() - 86_400_000);
    await changeRights(server, staff, { grantId: first.grantId, rights: ['MONEY'], until: sooner });
    const [, shown] = await relativesSeen(server, staff, first.elderId);
    expect(shown).toMatchObject({ id: below.grantId, rights: ['MONEY'], until: sooner.toISOString() });
  });

  it('and no other relative: without the word of the elder nobody lets anybody in', async () => {
    const { token, elderId } = await relative(all);
    expect(await letIn(server, token, { elderId })).toMatchObject({ code: 'NOT_FIRST_RELATIVE' });
  });

  it('of another elder is as a stranger', async () => {
    const { token } = await relative(all, { mayLetIn: true });
    const { elderId, grantId } = await relative();
    expect(await letIn(server, token, { elderId })).toMatchObject({ code: 'ELDER_UNKNOWN' });
    expect(await withdraw(server, token, grantId)).toMatchObject({ code: 'RELATIVE_UNKNOWN' });
  });

  it('who is withdrawn stays so for a change that was asked before and waited', async () => {
    const { grantId, elderId } = await relative(['MONEY']);
    await withdraw(server, staff, grantId);
    const caller = { accountId: town.managerId, name: '', grants: [], revoked: false };
    const asker = { caller, now: new Date(Date.now() - 60_000), today };
    const agreed = { how: 'IN_PERSON' as const, consentVersion: '2026-1' };
    const change = { ...agreed, grantId: Number(grantId), rights: all, untilAt: inAYear };
    const result = await server.database.write((manager) =>
      changeRelative(manager, change, 'everywhere', asker),
    );
    expect(result).toMatchObject({ refused: 'RELATIVE_UNKNOWN' });
    expect(await relativesSeen(server, staff, elderId)).toEqual([]);
  });

  it('who is withdrawn while it lets somebody in leaves nobody behind', async () => {
    const first = await relative(all, { mayLetIn: true });
    // Let in before the withdrawal, refused behind it, or nobody any more: nothing else may come of it.
    const letOneIn = () =>
      letIn(server, first.token, { elderId: first.elderId }).then(
        ({ __typename }) => expect(__typename).toMatch(/^Relative(Refusal)?$/),
        (error: Error) => expect(error.message).toMatch(/FORBIDDEN|UNAUTHENTICATED/),
      );
    await Promise.all([letOneIn(), letOneIn(), withdraw(server, staff, first.grantId), letOneIn()]);
    expect(await relativesSeen(server, staff, first.elderId)).toEqual([]);
  });
});

describe('letting in', () => {
  it('is refused by the first reason that applies', async () => {
    const { elderId, phone } = await relative();
    const past = new Date(Date.now() - 1000);
    const decades = new Date(Date.now() + 20 * 365 * 86_400_000);
    const bad = { name: ' ', phone: 'x', consentVersion: '0', until: past };
    const codes = [
      await letIn(server, staff, { ...bad, elderId: 999_999 }),
      await letIn(server, staff, { ...bad, elderId }),
      await letIn(server, staff, { ...bad, elderId, name: '王芳' }),
      await letIn(server, staff, { ...bad, elderId, name: '王芳', phone }),
      await letIn(server, staff, { elderId, phone, until: past }),
      await letIn(server, staff, { elderId, phone, until: decades }),
      await letIn(server, staff, { elderId, phone }),
    ].map(({ code }) => code);
    expect(codes).toEqual([
      'ELDER_UNKNOWN',
      'NAME_INVALID',
      'PHONE_INVALID',
      'CONSENT_TEXT_OUTDATED',
      'UNTIL_OUT_OF_RANGE',
      'UNTIL_OUT_OF_RANGE',
      'RELATIVE_PRESENT',
    ]);
  });

  it('out of scope is as of an elder that there is not', async () => {
    const { elderId, grantId } = await relative();
    const stranger = (await server.account('STAFF', town.otherCountyId)).token;
    const known = await letIn(server, stranger, { elderId });
    expect(known).toEqual(await letIn(server, stranger, { elderId: 999_999 }));
    expect(known.code).toBe('ELDER_UNKNOWN');
    const gone = await withdraw(server, stranger, '999999');
    expect(await withdraw(server, stranger, grantId)).toEqual(gone);
    expect(await changeRights(server, stranger, { grantId, rights: all })).toMatchObject({
      code: 'RELATIVE_UNKNOWN',
    });
  });

  it('the same phone ten times at once makes one account and one grant', async () => {
    const [one, other] = [(await addDiner(town)).elderId, (await addDiner(town)).elderId];
    const accounts = await countRows(town, 'account');
    const phone = newPhone();
    const answers = await Promise.all(
      Array.from({ length: 10 }, (_, index) =>
        letIn(server, staff, { elderId: index % 2 === 0 ? one : other, phone }),
      ),
    );
    expect(answers.filter(({ __typename }) => __typename === 'Relative')).toHaveLength(2);
    expect(await countRows(town, 'account')).toBe(accounts + 1);
  });

  it('stops at twenty relatives of an elder', async () => {
    const { elderId } = await addDiner(town);
    for (let index = 0; index < 20; index++) await letIn(server, staff, { elderId });
    expect(await letIn(server, staff, { elderId })).toMatchObject({ code: 'RELATIVES_TOO_MANY' });
  });
});
