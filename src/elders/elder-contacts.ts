import type { EntityManager } from 'typeorm';
import { coveredAmong, type Scope } from '../network/scope.js';
import { type Day, dayOf } from '../shared/china-time.js';
import { cipherOf } from '../shared/database-cipher.js';
import { type Refusal, refuse } from '../shared/refusal.js';
import type { SealedTable } from '../shared/rotate-keys.js';
import { insertRows, placeholders } from '../shared/statements.js';
import type { ElderScope } from './elder-scope.js';
import { lockElder } from './find-elder.js';
import { maskedPhone } from './masked-identity.rules.js';
import { maskedName } from './masked-name.rules.js';

/** Somebody to ring when something is wrong with an elder. */
export interface ElderContact {
  name: string;
  /** Such as 女儿. */
  relation: string;
  phone: string;
}

export type ContactsRefusalCode = 'ELDER_UNKNOWN' | 'ELDER_NOT_ACTIVE' | 'TOO_MANY' | 'CONTACT_INVALID';

const contactsMax = 3;
const lengthMax = { name: 60, relation: 20 } as const;

/** Whose contacts they are is authenticated with them; in no row, and never to be changed. */
const contactsName = (elderId: number) => `elder_contacts.contacts#${elderId}`;

export const sealedContacts: SealedTable = {
  table: 'elder_contacts',
  idColumn: 'elderId',
  columns: { contactsSealed: contactsName },
};

export interface WantedContacts {
  elderId: number;
  contacts: readonly ElderContact[];
  byId: number;
  now: Date;
}

/** Says whom to ring, the first first, in the place of what was said before; nobody takes it back. */
export async function setElderContacts(
  manager: EntityManager,
  { elderId, contacts, byId, now }: WantedContacts,
  scope: ElderScope,
): Promise<{ elderId: number; contacts: readonly ElderContact[] } | Refusal<ContactsRefusalCode>> {
  const elder = await lockElder(manager, elderId, scope, dayOf(now));
  if (!elder) {
    return refuse('ELDER_UNKNOWN', { zh: '没有这位老人的档案', en: 'There is no such elder' }, ['elderId']);
  }
  if (elder.status !== 'ACTIVE') {
    const text = { zh: '该老人的档案已经结束', en: 'The file of this elder has ended' };
    return refuse('ELDER_NOT_ACTIVE', text, ['elderId']);
  }
  if (contacts.length > contactsMax) {
    return refuse('TOO_MANY', { zh: `至多 ${contactsMax} 位`, en: `${contactsMax} at most` }, ['contacts']);
  }
  const wanted = contacts.map(({ name, relation, phone }) => ({
    name: name.trim(),
    relation: relation.trim(),
    phone: phone.replaceAll(/[\s-]/g, ''),
  }));
  const fault = faultOf(wanted);
  if (fault) return fault;
  await manager.query('DELETE FROM elder_contacts WHERE elderId = ?', [elderId]);
  if (wanted.length > 0) {
    const contactsSealed = cipherOf(manager).encrypt(contactsName(elderId), JSON.stringify(wanted));
    const columns = ['elderId', 'contactsSealed', 'setAt', 'setById'];
    await insertRows(manager, 'elder_contacts', columns, [[elderId, contactsSealed, now.getTime(), byId]]);
  }
  return { elderId, contacts: wanted };
}

function faultOf(contacts: readonly ElderContact[]): Refusal<ContactsRefusalCode> | undefined {
  const text = {
    zh: `姓名 1 至 ${lengthMax.name} 字，关系 1 至 ${lengthMax.relation} 字，电话 7 至 15 位数字`,
    en: `A name has 1 to ${lengthMax.name} characters, a relation 1 to ${lengthMax.relation}, a phone 7 to 15 digits`,
  };
  for (const [index, { name, relation, phone }] of contacts.entries()) {
    const isText = (given: string, max: number) =>
      given !== '' && [...given].length <= max && !/[\p{Cc}\p{Cs}\p{Zl}\p{Zp}]/u.test(given);
    const field = !isText(name, lengthMax.name)
      ? 'name'
      : !isText(relation, lengthMax.relation)
        ? 'relation'
        : !/^\+?\d{7,15}$/.test(phone)
          ? 'phone'
          : undefined;
    if (field) return refuse('CONTACT_INVALID', text, ['contacts', String(index), field]);
  }
  return undefined;
}

/** Contacts as one caller sees them. */
export interface ShownContacts {
  contacts: ElderContact[];
  isWhole: boolean;
}

/**
 * Whom to ring for these elders: whole where `wholeIn` covers the home station, and for those of `toVisit`; elsewhere
 * names and phones are masked. Three statements at most, however many elders.
 */
export async function shownContacts(
  manager: EntityManager,
  elderIds: readonly number[],
  wholeIn: Scope,
  today: Day,
  toVisit: readonly number[] = [],
): Promise<Map<number, ShownContacts>> {
  const contacts = await contactsOf(manager, elderIds);
  const whole = await wholeAmong(manager, elderIds, wholeIn, today, toVisit);
  return new Map(
    elderIds.map((id) => {
      const isWhole = whole.has(id);
      const own = contacts.get(id) ?? [];
      return [id, { isWhole, contacts: isWhole ? own : own.map(masked) }];
    }),
  );
}

function masked({ name, relation, phone }: ElderContact): ElderContact {
  return { name: maskedName(name), relation, phone: maskedPhone(phone) };
}

/** Of which of these elders a caller sees whole what leads to their doors. */
export async function wholeAmong(
  manager: EntityManager,
  elderIds: readonly number[],
  wholeIn: Scope,
  today: Day,
  toVisit: readonly number[],
): Promise<Set<number>> {
  if (wholeIn === 'everywhere') return new Set(elderIds);
  const rows: { id: number; homeStationId: number | null }[] = await manager.query(
    `SELECT id, homeStationId FROM elder WHERE id IN (${placeholders(elderIds) || 'NULL'})`,
    [...elderIds],
  );
  const stations = new Set(rows.flatMap(({ homeStationId }) => homeStationId ?? []));
  const covered = await coveredAmong(manager, wholeIn, [...stations], today);
  const isWhole = ({ id, homeStationId }: { id: number; homeStationId: number | null }) =>
    toVisit.includes(id) || (homeStationId !== null && covered.has(homeStationId));
  return new Set(rows.filter(isWhole).map(({ id }) => id));
}

/** All of it, for whoever may see it. One statement. */
export async function contactsOf(
  manager: EntityManager,
  elderIds: readonly number[],
): Promise<Map<number, ElderContact[]>> {
  const rows: { elderId: number; contactsSealed: string }[] = await manager.query(
    `SELECT elderId, contactsSealed FROM elder_contacts WHERE elderId IN (${placeholders(elderIds) || 'NULL'})`,
    [...elderIds],
  );
  const cipher = cipherOf(manager);
  return new Map(
    rows.map(({ elderId, contactsSealed }) => [
      elderId,
      JSON.parse(cipher.decrypt(contactsName(elderId), contactsSealed)) as ElderContact[],
    ]),
  );
}
