import { randomUUID } from 'node:crypto';
import type { BedType } from '../../entities/beds/bed.entity.js';
import type { ElderCategory } from '../../entities/elders/elder-category-membership.entity.js';
import { ElderCategoryMembership } from '../../entities/index.js';
import { acceptOffer, declineOffer } from '../../src/beds/answer-offer.js';
import { waitlistOf } from '../../src/beds/find-waitlist.js';
import { joinWaitlist } from '../../src/beds/join-waitlist.js';
import { offerBed } from '../../src/beds/offer-bed.js';
import type { PlacedEntry } from '../../src/beds/waitlist-view.js';
import type { Day } from '../../src/shared/china-time.js';
import { addResident, allBeds } from './beds.js';
import { noon, type Town, today } from './town.js';

export const hour = 3_600_000;
export const after = (hours: number) => new Date(noon.getTime() + hours * hour);

/** An elder with categories. */
export async function addApplicant(
  town: Town,
  {
    categories = [],
    ...wish
  }: { categories?: readonly ElderCategory[]; gender?: 'FEMALE' | 'MALE'; level?: number | null } = {},
): Promise<number> {
  const elderId = await addResident(town, wish);
  await town.database.write((manager) =>
    manager.insert(
      ElderCategoryMembership,
      categories.map((category) => ({ elderId, category })),
    ),
  );
  return elderId;
}

export interface Joining {
  elderId: number;
  facilityId: number;
  type?: BedType;
  now?: Date;
  requestId?: string;
}

export async function tryJoin(
  { database, ids, managerId }: Town,
  { elderId, facilityId, type = 'GENERAL', now = noon, requestId = randomUUID() }: Joining,
) {
  const id = await ids.take(1);
  const wanted = { id, requestId, elderId, facilityId, type, byId: managerId, now };
  return database.write((manager) => joinWaitlist(manager, wanted, allBeds));
}

export async function joined(town: Town, joining: Joining): Promise<PlacedEntry> {
  return placed(await tryJoin(town, joining));
}

/** What has to be a place in line. */
export function placed(result: Awaited<ReturnType<typeof tryJoin>>): PlacedEntry {
  if ('refused' in result) throw new Error(`${result.refused} ${result.message.en}`);
  return result;
}

export async function tryOffer(
  { database, ids, managerId }: Town,
  {
    bedId,
    entryId = null,
    skipReason = null,
    now = noon,
  }: { bedId: number; entryId?: number | null; skipReason?: string | null; now?: Date },
) {
  const id = await ids.take(1);
  const wanted = { id, bedId, entryId, skipReason, byId: managerId, now };
  return database.write((manager) => offerBed(manager, wanted, allBeds));
}

export function tryAccept(
  { database, managerId }: Town,
  offerId: number,
  {
    from = today,
    now = noon,
    reach = allBeds,
    contractSignedOn = null,
  }: {
    from?: Day;
    now?: Date;
    reach?: typeof allBeds;
    contractSignedOn?: Day | null | undefined;
  } = {},
) {
  const wanted = { offerId, from, contractSignedOn, byId: managerId, now };
  return database.write((manager) => acceptOffer(manager, wanted, reach));
}

export function tryDecline({ database, managerId }: Town, offerId: number, now = noon, reason = '离家太远') {
  const wanted = { offerId, reason, byId: managerId, now };
  return database.write((manager) => declineOffer(manager, wanted, allBeds));
}

/** The elders of a facility's lines, in their order. */
export async function lineAt(
  { database }: Town,
  facilityId: number,
  now = noon,
  type?: BedType,
): Promise<number[]> {
  const entries = await database.read((manager) =>
    waitlistOf(manager, { facilityId, type, now }, 'everywhere'),
  );
  return entries.map(({ elderId }) => elderId);
}
