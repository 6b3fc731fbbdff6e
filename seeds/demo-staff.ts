import type { EntityManager } from 'typeorm';
import { familyRights, type Role } from '../entities/access/access-grant.entity.js';
import { currentConsentText } from '../src/access/consent-texts.js';
import { findCredential, setPassword } from '../src/access/credential.js';
import { addPhone, lockAccountOfPhone, phoneHashOf } from '../src/access/family-phone.js';
import { grantsOf } from '../src/access/grants.js';
import { newPassword } from '../src/access/hand-out-account.js';
import { insertStaffAccount } from '../src/access/insert-staff-account.js';
import { Passwords } from '../src/access/passwords.js';
import { recordConsent } from '../src/access/record-consent.js';
import { type Database, forUpdate } from '../src/shared/database.js';
import { isRefusal } from '../src/shared/refusal.js';
import { demoHomeCodes } from './beds/homes.js';
import type { DemoCredentials } from './demo-credentials.js';
import { facilityIds, idOf } from './reference/insert-reference.js';
import { demoCanteenCode, rootCode } from './reference/nanyang/network.js';

type DemoStaff = DemoCredentials['accounts'][number];

interface StaffToSeed {
  role: Role;
  name: string;
  userName: string;
  facilityCode: string | null;
}

const county = 'NY-411302';
const street = 'NY-411302-S01';
/** The first home-care station of the street, whose visits `npm run day` plays. */
export const demoStationCode = 'NY-411302-H001';

/** Who brings the visits of that station, beside the caregivers of the seed, as whom nobody signs in. */
export const demoCaregivers = ['demo-caregiver', 'demo-caregiver-2', 'demo-caregiver-3'] as const;

/** Who runs three of the nursing homes, in the order of demoHomeCodes; with the first two `npm run day` is played. */
export const demoDirectors = ['demo-home', 'demo-home-2', 'demo-home-3'] as const;

/**
 * One for each role of people, the directors of nursing homes, and the managers beneath the county, who settle the month with it; readers have keys, and a
 * family member comes with the first elder.
 */
const staff: readonly StaffToSeed[] = [
  { role: 'ADMIN', name: '演示局长', userName: 'demo-admin', facilityCode: null },
  { role: 'MANAGER', name: '演示主任', userName: 'demo-manager', facilityCode: county },
  { role: 'MANAGER', name: '演示食堂主任', userName: 'demo-canteen', facilityCode: demoCanteenCode },
  { role: 'MANAGER', name: '演示街道主任', userName: 'demo-street', facilityCode: street },
  { role: 'MANAGER', name: '演示服务站站长', userName: 'demo-station', facilityCode: demoStationCode },
  ...demoHomeCodes.map((facilityCode, index) => ({
    ...{ role: 'MANAGER' as const, name: `演示院长 ${index + 1}`, facilityCode },
    userName: demoDirectors[index] as string,
  })),
  { role: 'STAFF', name: '演示前台', userName: 'demo-staff', facilityCode: street },
  { role: 'CAREGIVER', name: '演示护理员', userName: 'demo-caregiver', facilityCode: street },
  { role: 'CAREGIVER', name: '演示护理员二', userName: 'demo-caregiver-2', facilityCode: street },
  { role: 'CAREGIVER', name: '演示护理员三', userName: 'demo-caregiver-3', facilityCode: street },
  { role: 'COURIER', name: '演示志愿者', userName: 'demo-courier', facilityCode: 'NY-411302-C001' },
  { role: 'FINANCE', name: '演示会计', userName: 'demo-finance', facilityCode: county },
  { role: 'AUDITOR', name: '演示审计', userName: 'demo-auditor', facilityCode: county },
  { role: 'FAMILY', name: '演示家属', userName: 'demo-family', facilityCode: null },
];

/** Whether these are all that are seeded now; a relative comes with the first elder. */
export function isEverybody(accounts: readonly DemoStaff[]): boolean {
  const present = new Set(accounts.map(({ userName }) => userName));
  return staff.every(({ role, userName }) => role === 'FAMILY' || present.has(userName));
}

/**
 * Sees to it that there are people of each role, with new passwords: of those that are there only hashes are
 * left. The passwords are not temporary, so that a newcomer's first sign-in opens what the role may do.
 */
export async function newStaff(database: Database, now: Date): Promise<DemoStaff[]> {
  const passwords = new Passwords();
  const prepared: (StaffToSeed & { password: string; passwordHash: string })[] = [];
  for (const person of staff) {
    const password = newPassword();
    prepared.push({ ...person, password, passwordHash: await passwords.hash(password) });
  }
  return database.write(async (manager) => {
    // Two servers that start together make the accounts once.
    await manager.query(`SELECT id FROM facility WHERE code = ?${forUpdate(manager)}`, [rootCode]);
    const ids = await facilityIds(manager);
    const elderId = await firstElder(manager);
    const seeded: DemoStaff[] = [];
    let frontDeskId = 0;
    for (const { passwordHash, name, ...person } of prepared) {
      const { role, facilityCode, userName } = person;
      if (role === 'FAMILY' && elderId === undefined) continue;
      const present = await findCredential(manager, { userName });
      let accountId = present?.accountId ?? 0;
      if (present) {
        await setPassword(manager, { accountId, hash: passwordHash, temporary: false, now });
      } else {
        const facilityId = facilityCode === null ? null : idOf(ids, facilityCode);
        const ofElder = role === 'FAMILY' && elderId !== undefined ? { elderId } : {};
        const account = { name, userName, passwordHash, temporary: false, role, facilityId, ...ofElder, now };
        const inserted = await insertStaffAccount(manager, account);
        if (isRefusal(inserted)) throw new Error(inserted.message.en);
        accountId = inserted.accountId;
      }
      if (role === 'STAFF') frontDeskId = accountId;
      if (role === 'FAMILY') await provideRelative(manager, { accountId, name, frontDeskId, now });
      seeded.push(role === 'FAMILY' ? { ...person, phone: demoPhone } : person);
    }
    return seeded;
  });
}

async function firstElder(manager: EntityManager): Promise<number | undefined> {
  const rows: { id: number }[] = await manager.query('SELECT id FROM elder ORDER BY id LIMIT 1');
  return rows[0]?.id;
}

/** A number that nobody has. */
export const demoPhone = '13800004113';

/** Gives the demo's relative a phone and the consent to everything, of the elder through the front desk, once. */
async function provideRelative(
  manager: EntityManager,
  { accountId, name, frontDeskId, now }: { accountId: number; name: string; frontDeskId: number; now: Date },
): Promise<void> {
  const known = await lockAccountOfPhone(manager, phoneHashOf(manager, demoPhone));
  const [grant] = await grantsOf(manager, [accountId]);
  if (known !== undefined || !grant) return;
  await addPhone(manager, { accountId, phone: demoPhone, now });
  const { id: textId } = await currentConsentText(manager);
  const extent = { rights: familyRights, untilAt: new Date(now.getTime() + consentMs) };
  const agreed = { event: 'GIVEN' as const, how: 'IN_PERSON' as const, mayLetIn: true, textId };
  const by = { giver: { relative: undefined }, recordedById: frontDeskId, now };
  await recordConsent(manager, { grantId: grant.id, name, ...agreed, ...extent }, by);
}

/** Five years. */
const consentMs = 5 * 365 * 86_400_000;
