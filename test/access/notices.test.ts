import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { accessChecks } from '../../src/access/audit.js';
import { dropOldNotices } from '../../src/access/notices/send-notices.js';
import { elderNoticeRecords } from '../../src/elders/notices/elder-notice-records.js';
import { queueNotice } from '../../src/elders/notices/queue-notice.js';
import { runChecks } from '../../src/shared/audit-check.js';
import { isUuid } from '../../src/shared/uuid.js';
import { changeRights, letIn, withdraw } from '../support/families.js';
import {
  at,
  closeNotices,
  elderWithPhone,
  newReceiver,
  offerOf,
  outcomes,
  phonesTold,
  queue,
  receiver,
  relative,
  round,
  sendWhatWaits,
  server,
  staff,
  startNotices,
  town,
} from '../support/notice-rounds.js';
import { addDiner, countRows } from '../support/town.js';

beforeAll(startNotices);
beforeEach(newReceiver);
afterEach(sendWhatWaits);
afterAll(closeNotices);

it('an offer is told to relatives who may book and to the elder, once each, without a word of health', async () => {
  const { elderId, phone: own } = await elderWithPhone();
  const [one, other] = [await relative(elderId, ['BOOKING']), await relative(elderId, ['BOOKING', 'HEALTH'])];
  await relative(elderId, ['HEALTH', 'MONEY']);
  await queue(offerOf(elderId));
  await round(0);
  expect(phonesTold()).toEqual([own, one.phone, other.phone].sort());
  expect(new Set(receiver.taken.map(({ text }) => text)).size).toBe(1);
  const [{ text, id } = { text: '', id: '' }] = receiver.taken;
  expect(text).toBe('【银龄】李**轮候的床位有空位。请在3月13日12:00前登录答复，逾期将通知下一位。');
  expect(isUuid(id)).toBe(true);
  await round(0.1);
  expect(receiver.tried).toHaveLength(3);
  expect(outcomes).toEqual(['SENT', 'SENT', 'SENT']);
});

it('a right that was withdrawn or cut before it is sent counts, and a phone that both have is written to once', async () => {
  const { elderId } = await addDiner(town);
  const [gone, cut, kept] = [
    await relative(elderId, ['BOOKING']),
    await relative(elderId, ['BOOKING']),
    await relative(elderId, ['BOOKING']),
  ];
  await queue(offerOf(elderId));
  // The first attempt of each fails, so that they are spread and wait.
  receiver.does = ['FAILS', 'FAILS', 'FAILS'];
  await round(0);
  await withdraw(server, staff, gone.grantId);
  await changeRights(server, staff, { grantId: cut.grantId, rights: ['HEALTH'] });
  await round(0.1);
  expect(phonesTold()).toEqual([kept.phone]);
  expect(outcomes.sort()).toEqual(['NO_PHONE', 'NO_PHONE', 'SENT', 'failed', 'failed', 'failed']);

  const same = await elderWithPhone();
  await letIn(server, staff, { elderId: same.elderId, phone: same.phone, rights: ['BOOKING'] });
  receiver.taken.length = 0;
  await queue(offerOf(same.elderId));
  await round(0.2);
  expect(phonesTold()).toEqual([same.phone]);
});

it('what nobody needs to know any more is not sent', async () => {
  const { elderId } = await addDiner(town);
  await relative(elderId, ['BOOKING']);
  await queue(offerOf(elderId));
  await round(72);
  expect(receiver.tried).toEqual([]);
  expect(outcomes).toEqual(['STALE']);
});

it('what its transaction takes back is never told', async () => {
  const { elderId } = await addDiner(town);
  await relative(elderId, ['BOOKING']);
  const lost = server.database.write(async (manager) => {
    await queueNotice(manager, offerOf(elderId));
    throw new Error('lost');
  });
  await expect(lost).rejects.toThrow('lost');
  expect(await round(0)).toBe(0);
});

it('is handed out with the file, erased with it, and dropped after thirty days', async () => {
  const { elderId } = await addDiner(town);
  await relative(elderId, ['BOOKING']);
  const { elderId: otherId } = await addDiner(town);
  await queue(offerOf(elderId));
  await queue({ ...offerOf(otherId), kind: 'VISIT_MOVED', insteadOf: at(48), times: 3 });
  await round(0, { language: 'en' });
  const collect = (id: number) => server.database.read((manager) => elderNoticeRecords.collect(manager, id));
  expect(await collect(elderId)).toEqual([
    expect.objectContaining({ kind: 'BED_OFFERED', outcome: 'SENT', happensAt: at(72).toISOString() }),
  ]);
  await server.database.write((manager) => elderNoticeRecords.erase(manager, elderId));
  expect(await collect(elderId)).toEqual([]);
  expect(await collect(otherId)).toHaveLength(1);
  await dropOldNotices(server.database, at(24 * 29));
  expect(await collect(otherId)).toHaveLength(1);
  await dropOldNotices(server.database, at(24 * 31));
  expect(await countRows({ database: server.database }, `elder_notice WHERE elderId = ${otherId}`)).toBe(0);
});

it('the audit sees a notice on its way before anybody knew to whom, and one that was sent by no attempt', async () => {
  const { elderId } = await addDiner(town);
  await relative(elderId, ['BOOKING']);
  await queue(offerOf(elderId));
  await round(0);
  const broken = async () => {
    const said: string[] = [];
    await server.database.read((manager) => runChecks(manager, accessChecks, (line) => said.push(line)));
    return said.filter((line) => line.startsWith('BROKEN')).join(' ');
  };
  const write = (sql: string) => server.database.write((manager) => manager.query(sql));
  expect(await broken()).toBe('');
  await write('UPDATE notice_delivery SET attempts = 0');
  expect(await broken()).toContain('was sent after an attempt');
  await write('UPDATE notice_delivery SET attempts = 1');
  await write('UPDATE elder_notice SET spreadAt = NULL');
  expect(await broken()).toContain('before it was found out whom it is for');
  await write('UPDATE elder_notice SET spreadAt = queuedAt');
});
