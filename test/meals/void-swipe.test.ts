import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Elder } from '../../entities/index.js';
import { eraseElder } from '../../src/elders/erase-elder.js';
import { elderMealRecords } from '../../src/meals/elder-meal-records.js';
import { voidSwipe } from '../../src/meals/void-swipe.js';
import type { Scope } from '../../src/network/scope.js';
import { settleFile } from '../support/settled-file.js';
import { closeSwipeTown, intake, open, startSwipeTown, town } from '../support/swipe-town.js';
import { tap } from '../support/taps.js';
import { addDiner, balanceOf, countRows, noon } from '../support/town.js';

beforeAll(startSwipeTown);
afterAll(closeSwipeTown);

async function voided(swipeId: string, { reason = '错刷', scope = 'everywhere' as Scope } = {}) {
  const postingId = await town.ids.take(1);
  const request = { swipeId, reason, byId: town.managerId, now: noon, postingId };
  return open.database.write((manager) => voidSwipe(manager, request, scope));
}

it('returns the money by opposite entries, keeps the swipe, and frees the meal', async () => {
  const diner = await addDiner(town);
  const request = tap(town, { cardUid: diner.uid });
  const { receipt } = await intake.record(request);
  expect(await voided(request.command.swipeId)).toEqual({ ...receipt, voided: true });
  expect(await balanceOf(town, diner.elderId)).toBe(10_000);

  const replay = await intake.record(request);
  expect(replay).toMatchObject({ outcome: 'ACCEPTED', replayed: true, receipt: { voided: true } });
  const again = await intake.record(tap(town, { cardUid: diner.uid }, { canteen: 1 }));
  expect(again.outcome).toBe('ACCEPTED');
});

it('takes back a meal for review too', async () => {
  const poor = await addDiner(town, { balanceFen: 0 });
  const request = tap(town, { cardUid: poor.uid, offline: true });
  expect((await intake.record(request)).outcome).toBe('RECORDED_FOR_REVIEW');
  expect(await voided(request.command.swipeId)).toMatchObject({ voided: true, discountFen: 1200 });
});

it('refuses, by name and writing nothing', async () => {
  const diner = await addDiner(town);
  const request = tap(town, { cardUid: diner.uid });
  await intake.record(request);
  const refused = tap(town, { cardUid: diner.uid });
  await intake.record(refused);
  const { swipeId } = request.command;
  const before = await countRows(open, 'ledger_posting');
  const elsewhere = [town.canteenIds[1]];

  expect(await voided(randomUUID())).toMatchObject({ refused: 'SWIPE_UNKNOWN', field: ['swipeId'] });
  expect(await voided('rubbish')).toMatchObject({ refused: 'SWIPE_UNKNOWN' });
  expect(await voided(refused.command.swipeId)).toMatchObject({ refused: 'SWIPE_UNKNOWN' });
  expect(await voided(swipeId, { scope: elsewhere })).toMatchObject({ refused: 'SWIPE_UNKNOWN' });
  expect(await voided(swipeId, { reason: '  ' })).toMatchObject({
    refused: 'REASON_INVALID',
    field: ['reason'],
  });
  expect(await voided(swipeId, { reason: '长'.repeat(201) })).toMatchObject({ refused: 'REASON_INVALID' });
  for (const reason of ['错\u0007刷', '错\n刷', '错\ud800']) {
    expect(await voided(swipeId, { reason })).toMatchObject({ refused: 'REASON_INVALID' });
  }
  expect(await countRows(open, 'ledger_posting')).toBe(before);

  expect(await voided(swipeId, { scope: [town.streetId] })).toMatchObject({ voided: true });
  expect(await voided(swipeId)).toMatchObject({ refused: 'ALREADY_VOIDED' });
});

it('gives no money back to an elder whose file was erased, for nobody could have it', async () => {
  const diner = await addDiner(town);
  const request = tap(town, { cardUid: diner.uid });
  await intake.record(request);
  await open.database.write((manager) =>
    manager.update(Elder, { id: diner.elderId }, { status: 'DECEASED', endedOn: '2026-03-11' }),
  );
  await settleFile(town, diner.elderId);
  const later = new Date('2026-03-12T12:00:00+08:00');
  const erasure = { elderId: diner.elderId, retentionDays: 0, records: [elderMealRecords], now: later };
  const erased = await open.database.write((manager) => eraseElder(manager, erasure, 'everywhere'));
  expect(erased).toMatchObject({ erasedAt: later });
  expect(await voided(request.command.swipeId)).toMatchObject({
    refused: 'ELDER_ERASED',
    field: ['swipeId'],
  });
  expect(await balanceOf(town, diner.elderId)).toBe(0);
});

it('twenty managers at once void it once', async () => {
  const diner = await addDiner(town);
  const request = tap(town, { cardUid: diner.uid });
  await intake.record(request);
  const results = await Promise.all(Array.from({ length: 20 }, () => voided(request.command.swipeId)));
  expect(results.filter((result) => 'voided' in result)).toHaveLength(1);
  expect(results.filter((result) => 'refused' in result && result.refused === 'ALREADY_VOIDED')).toHaveLength(
    19,
  );
  expect(await balanceOf(town, diner.elderId)).toBe(10_000);
});
