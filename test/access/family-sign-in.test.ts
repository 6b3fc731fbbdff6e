import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { recordsOf } from '../support/audit-trail.js';
import {
  familyToken,
  type KeptMessages,
  keepMessages,
  letIn,
  newPhone,
  requestCode,
  signInByCode,
} from '../support/families.js';
import { refresh, rolesOf } from '../support/staff.js';
import { startTestServer, type TestServer } from '../support/test-server.js';
import { addDiner, buildTown, countRows, type Town } from '../support/town.js';

let server: TestServer;
let town: Town;
let kept: KeptMessages;
let staff: string;
let elderId: number;
beforeAll(async () => {
  // Addresses are told by a header, so that one test's tries do not count for another's.
  server = await startTestServer({ settings: { trustedProxies: 1, addressRatePerSecond: 0 } });
  town = await buildTown(server.database);
  kept = keepMessages(server);
  staff = (await server.account('STAFF', town.streetId)).token;
  ({ elderId } = await addDiner(town));
});
afterAll(() => server.close());

let addresses = 0;
function newAddress(): Record<string, string> {
  addresses += 1;
  return { 'x-forwarded-for': `10.1.${Math.floor(addresses / 250)}.${1 + (addresses % 250)}` };
}

/** A phone that was let in, for an elder of its own. */
async function newRelative(): Promise<string> {
  const phone = newPhone();
  const diner = await addDiner(town);
  const answer = await letIn(server, staff, { elderId: diner.elderId, phone });
  expect(answer.__typename).toBe('Relative');
  return phone;
}

async function newCode(phone: string): Promise<string> {
  const { body } = await requestCode(server, phone, newAddress());
  expect(body.data.requestSignInCode).toEqual({ __typename: 'SignInCodeRequested', minutes: 5 });
  return kept.codeOf(phone) ?? 'none';
}

const wrongTo = (code: string) => String((Number(code) + 1) % 1_000_000).padStart(6, '0');
const refused = { __typename: 'SignInRefusal', code: 'CODE_WRONG', field: null };

function onCodes(set: string, phone: string): Promise<unknown> {
  return server.database.write((manager) =>
    manager.query(
      `UPDATE sign_in_code SET ${set} WHERE accountId IN
         (SELECT a.id FROM account a JOIN family_phone p ON p.accountId = a.id WHERE p.phoneHash = ?)`,
      [hashOf(phone)],
    ),
  );
}

/** Undefined where nobody was let in: the hash alone tells which row is whose. */
const hashes = new Map<string, string>();
function hashOf(phone: string): string {
  return hashes.get(phone) ?? '';
}
async function rememberHash(phone: string): Promise<void> {
  const rows: { phoneHash: string }[] = await server.database.read((manager) =>
    manager.query('SELECT phoneHash FROM family_phone ORDER BY accountId DESC LIMIT 1'),
  );
  hashes.set(phone, rows[0]?.phoneHash ?? '');
}

describe('a code', () => {
  it('opens a session like that of staff, which goes on by refreshing and ends by signing out', async () => {
    const phone = await newRelative();
    const code = await newCode(phone);
    expect(code).toMatch(/^\d{6}$/);
    expect(kept.sent.at(-1)?.text).toBe(
      `【银龄】您的登录验证码是 ${code}，5 分钟内有效。请勿告诉他人；如非本人操作，请忽略。`,
    );
    const session = await signInByCode(server, `${phone.slice(0, 3)} ${phone.slice(3)}`, code, newAddress());
    expect(session).toMatchObject({ __typename: 'Session', passwordTemporary: false, totpMissing: false });
    expect(await rolesOf(server, session.accessToken)).toEqual(['FAMILY']);
    const again = await refresh(server, session.refreshToken);
    expect(again.__typename).toBe('Session');
    await server.post('mutation { signOut }', {}, again.accessToken);
    expect(await rolesOf(server, again.accessToken)).toBe('UNAUTHENTICATED');
  });

  it('is good for once', async () => {
    const phone = await newRelative();
    const code = await newCode(phone);
    expect((await signInByCode(server, phone, code, newAddress())).__typename).toBe('Session');
    expect(await signInByCode(server, phone, code, newAddress())).toMatchObject(refused);
  });

  it('is dead once a newer one was sent', async () => {
    const phone = await newRelative();
    const older = await newCode(phone);
    let newer = await newCode(phone);
    if (newer === older) newer = await newCode(phone);
    expect(await signInByCode(server, phone, older, newAddress())).toMatchObject(refused);
    expect((await signInByCode(server, phone, newer, newAddress())).__typename).toBe('Session');
  });

  it('counts until its end, and then no more', async () => {
    const phone = await newRelative();
    await rememberHash(phone);
    const code = await newCode(phone);
    await onCodes(`createdAt = 1, expiresAt = ${Date.now() - 1}`, phone);
    expect(await signInByCode(server, phone, code, newAddress())).toMatchObject(refused);
    await onCodes(`tries = 0, expiresAt = ${Date.now() + 60_000}`, phone);
    expect((await signInByCode(server, phone, code, newAddress())).__typename).toBe('Session');
  });

  it('is dead after five wrong tries, from wherever they come', async () => {
    const phone = await newRelative();
    await rememberHash(phone);
    const code = await newCode(phone);
    for (let index = 0; index < 4; index++) {
      expect(await signInByCode(server, phone, wrongTo(code), newAddress())).toMatchObject(refused);
    }
    // The pace of the phone is not what stops the right code here.
    await server.database.write((manager) => manager.query('DELETE FROM sign_in_throttle'));
    await signInByCode(server, phone, 'no digits at all', newAddress());
    expect(await signInByCode(server, phone, code, newAddress())).toMatchObject(refused);
    await onCodes('tries = 4', phone);
    expect((await signInByCode(server, phone, code, newAddress())).__typename).toBe('Session');
  });

  it('opens one session when twenty bring it at once', async () => {
    const phone = await newRelative();
    const code = await newCode(phone);
    const before = await countRows(town, 'staff_session');
    const address = newAddress();
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => signInByCode(server, phone, code, address)),
    );
    expect(answers.filter(({ __typename }) => __typename === 'Session')).toHaveLength(1);
    expect(await countRows(town, 'staff_session')).toBe(before + 1);
  });

  it('belongs to the phone that it was sent to', async () => {
    const [one, other] = [await newRelative(), await newRelative()];
    const code = await newCode(one);
    await newCode(other);
    if (kept.codeOf(other) === code) await newCode(other);
    expect(await signInByCode(server, other, code, newAddress())).toMatchObject(refused);
    expect(await signInByCode(server, newPhone(), code, newAddress())).toMatchObject(refused);
  });

  it('stands nowhere in the database or the audit log', async () => {
    const phone = await newRelative();
    const code = await newCode(phone);
    const rows = await server.database.read(async (manager) => [
      ...(await manager.query('SELECT * FROM sign_in_code')),
      ...(await manager.query('SELECT * FROM family_phone')),
    ]);
    const text = JSON.stringify([rows, (await recordsOf(server.database)).map(({ details }) => details)]);
    expect(text).not.toContain(phone);
    expect(text).not.toContain(`"${code}"`);
  });
});

describe('a phone that is nobody’s', () => {
  it('gets the answer of any other, and no message', async () => {
    const phone = await newRelative();
    const known = await requestCode(server, phone, newAddress());
    const sent = kept.sent.length;
    const unknown = await requestCode(server, newPhone(), newAddress());
    expect(unknown.body).toEqual(known.body);
    expect(unknown.status).toBe(known.status);
    expect(kept.sent).toHaveLength(sent);
    const records = (await recordsOf(server.database)).slice(-2);
    expect(records.map(({ operation, result }) => `${operation} ${result}`)).toEqual([
      'requestSignInCode DONE',
      'requestSignInCode PHONE_UNKNOWN',
    ]);
    expect(records[0]?.details).toMatch(/"phone":"139\*{6}\d\d"/);
    expect(records[0]?.subject).toMatch(/^account:\d+$/);
  });

  it('is answered no sooner than any other, when codes are asked for and given', async () => {
    const { families } = server.services;
    families.answerMsMin = 400;
    const started = performance.now();
    await requestCode(server, newPhone(), newAddress());
    await signInByCode(server, newPhone(), '123456', newAddress());
    families.answerMsMin = 0;
    // A timer may go off a millisecond before its time.
    expect(performance.now() - started).toBeGreaterThan(795);
  });

  it('is refused like one whose code is wrong', async () => {
    const phone = await newRelative();
    const code = await newCode(phone);
    const known = await signInByCode(server, phone, wrongTo(code), newAddress());
    expect(await signInByCode(server, newPhone(), code, newAddress())).toEqual(known);
  });

  it('is that of a relative who was withdrawn, or whose end has come', async () => {
    const phone = await newRelative();
    await server.database.write((manager) =>
      manager.query("UPDATE access_grant SET untilAt = ? WHERE role = 'FAMILY' AND elderId <> ?", [
        Date.now() - 1,
        elderId,
      ]),
    );
    const sent = kept.sent.length;
    await requestCode(server, phone, newAddress());
    expect(kept.sent).toHaveLength(sent);
  });

  it('is told from none only by its digits', async () => {
    const { body } = await requestCode(server, '12', newAddress());
    expect(body.data.requestSignInCode).toMatchObject({ code: 'PHONE_INVALID' });
    const typed = await requestCode(server, 'my password 1', newAddress());
    expect(typed.body.data.requestSignInCode).toMatchObject({ code: 'PHONE_INVALID' });
    expect((await recordsOf(server.database)).at(-1)?.details).toBe('{"asked":{"phone":"***"}}');
  });
});

describe('asking and trying is slowed', () => {
  it('by phone, whoever has it', async () => {
    for (const phone of [await newRelative(), newPhone()]) {
      for (let index = 0; index < 3; index++) await newCodeAnswer(phone);
      expect(await newCodeAnswer(phone)).toMatchObject({ code: 'TOO_MANY_TRIES' });
    }
  });

  it('by phone for codes too, with the answer of a wrong one', async () => {
    const phone = await newRelative();
    const code = await newCode(phone);
    for (let index = 0; index < 5; index++) await signInByCode(server, phone, wrongTo(code), newAddress());
    await newCode(phone);
    expect(await signInByCode(server, phone, kept.codeOf(phone) ?? '', newAddress())).toMatchObject(refused);
  });

  it('by address, together with passwords', async () => {
    const address = newAddress();
    for (let index = 0; index < 50; index++) await requestCode(server, newPhone(), address);
    const { body } = await requestCode(server, newPhone(), address);
    expect(body.data.requestSignInCode).toMatchObject({ code: 'TOO_MANY_TRIES' });
    expect(await signInByCode(server, newPhone(), '123456', address)).toMatchObject({
      code: 'TOO_MANY_TRIES',
    });
    const byPassword = 'mutation { signIn(userName: "x", password: "y") { ... on SignInRefusal { code } } }';
    expect((await server.post(byPassword, {}, undefined, address)).body.data).toEqual({
      signIn: { code: 'TOO_MANY_TRIES' },
    });
  });

  it('to one try in an operation', async () => {
    const phone = await newRelative();
    const code = await newCode(phone);
    const tries = ['000000', code].map(
      (each, index) =>
        `t${index}: signInByCode(phone: "${phone}", code: "${each}") { __typename ... on SignInRefusal { code } }`,
    );
    const { body } = await server.post<Record<string, { code: string }>>(
      `mutation { ${tries.join(' ')} }`,
      {},
      undefined,
      newAddress(),
    );
    expect(body.data.t1?.code).toBe('TOO_MANY_TRIES');
  });

  async function newCodeAnswer(phone: string) {
    return (await requestCode(server, phone, newAddress())).body.data.requestSignInCode;
  }
});

it('one phone is one account, whoever the elders are, with or without the country code', async () => {
  const phone = newPhone();
  const [one, other] = [await addDiner(town), await addDiner(town)];
  await letIn(server, staff, { elderId: one.elderId, phone });
  await letIn(server, staff, { elderId: other.elderId, phone: `+86 ${phone}` });
  const token = await familyToken(server, kept, phone);
  const { body } = await server.post<{ elders: { totalCount: number; nodes: { id: string }[] } }>(
    '{ elders { totalCount nodes { id } } }',
    {},
    token,
  );
  expect(body.data.elders).toEqual({
    totalCount: 2,
    nodes: [{ id: String(one.elderId) }, { id: String(other.elderId) }],
  });
});

it('where no messages are sent nobody is told to wait for one', async () => {
  server.services.families.messages = undefined;
  const { body } = await requestCode(server, newPhone(), newAddress());
  expect(body.data.requestSignInCode).toMatchObject({ code: 'MESSAGES_NOT_SENT' });
  server.services.families.messages = kept;
});
