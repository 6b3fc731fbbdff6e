import type { EntityManager } from 'typeorm';
import type { AuditedState } from '../audit-log/write-on-record.js';
import type { Scope } from '../network/scope.js';
import { forUpdate } from '../shared/database.js';
import { insertRows, placeholders } from '../shared/statements.js';
import type { Text } from '../shared/text.js';
import { type CareRefusal, refuseCare } from './care-refusals.js';
import { noteTextOf } from './note-text.rules.js';

/** More than anybody carries. */
const itemsMax = 20;
const lengthMax = { zh: 40, en: 80 } as const;

/** Says what is taken along to bring a service, in the place of what was said before. The catalogue is one for all. */
export async function setServiceItems(
  manager: EntityManager,
  { serviceCode, items }: { serviceCode: string; items: readonly Text[] },
  scope: Scope,
): Promise<{ serviceCode: string; items: readonly Text[] } | CareRefusal> {
  const rows: { id: number }[] = await manager.query(
    `SELECT id FROM home_service WHERE code = ?${forUpdate(manager)}`,
    [serviceCode],
  );
  const serviceId = rows[0]?.id;
  if (serviceId === undefined || scope !== 'everywhere')
    return refuseCare('SERVICE_UNKNOWN', ['serviceCode']);
  if (items.length > itemsMax) return refuseCare('TOO_MANY', ['items']);
  const texts: Text[] = [];
  for (const [index, { zh, en }] of items.entries()) {
    const text = { zh: noteTextOf(zh, lengthMax.zh), en: noteTextOf(en, lengthMax.en) };
    for (const name of ['zh', 'en'] as const) {
      if (!text[name]) return refuseCare('NOTE_INVALID', ['items', String(index), name]);
    }
    texts.push({ zh: text.zh ?? '', en: text.en ?? '' });
  }
  await manager.query('DELETE FROM home_service_item WHERE serviceId = ?', [serviceId]);
  await insertRows(
    manager,
    'home_service_item',
    ['serviceId', 'number', 'nameZh', 'nameEn'],
    texts.map(({ zh, en }, index) => [serviceId, index + 1, zh, en]),
  );
  return { serviceCode, items: texts };
}

/** What is taken along for each of these services, in order. One statement. */
export async function itemsOfServices(
  manager: EntityManager,
  serviceIds: readonly number[],
): Promise<Map<number, Text[]>> {
  const items = new Map<number, Text[]>(serviceIds.map((id) => [id, []]));
  const rows: { serviceId: number; nameZh: string; nameEn: string }[] = await manager.query(
    `SELECT serviceId, nameZh, nameEn FROM home_service_item
      WHERE serviceId IN (${placeholders(serviceIds) || 'NULL'}) ORDER BY serviceId, number`,
    [...serviceIds],
  );
  for (const { serviceId, nameZh, nameEn } of rows) items.get(serviceId)?.push({ zh: nameZh, en: nameEn });
  return items;
}

/** How many things belong to a service, as the audit log shows it. */
export async function serviceItemsState(
  manager: EntityManager,
  code: string,
): Promise<AuditedState | undefined> {
  const rows: { id: number; count: number | string }[] = await manager.query(
    `SELECT service.id, (SELECT COUNT(*) FROM home_service_item item WHERE item.serviceId = service.id) AS count
       FROM home_service service WHERE service.code = ?`,
    [code],
  );
  return rows[0] && { about: { subject: `service:${rows[0].id}` }, values: { items: Number(rows[0].count) } };
}
