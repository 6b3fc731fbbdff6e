import type { EntityManager } from 'typeorm';
import { insertRows } from '../../../src/shared/statements.js';
import type { Text } from '../../../src/shared/text.js';
import { serviceIds } from './insert-home-services.js';

/** What is taken along for a service of the catalogue; an assumption of ours, like its minutes. */
export const serviceItems: Readonly<Record<string, readonly Text[]>> = {
  BATHING: [
    { zh: '折叠浴盆', en: 'A folding tub' },
    { zh: '防滑垫', en: 'A non-slip mat' },
    { zh: '毛巾和沐浴液', en: 'Towels and soap' },
    { zh: '水温计', en: 'A thermometer for the water' },
  ],
  CLEANING: [
    { zh: '清洁工具包', en: 'The cleaning kit' },
    { zh: '手套', en: 'Gloves' },
  ],
  'PERSONAL-CARE': [
    { zh: '护理包', en: 'The nursing kit' },
    { zh: '一次性手套', en: 'Disposable gloves' },
  ],
  REHABILITATION: [{ zh: '弹力带', en: 'Elastic bands' }],
  'HEALTH-CHECK': [
    { zh: '血压计', en: 'A blood pressure monitor' },
    { zh: '血糖仪和试纸', en: 'A glucose meter with strips' },
    { zh: '体温计', en: 'A thermometer' },
  ],
  'CLINIC-ESCORT': [{ zh: '轮椅', en: 'A wheelchair' }],
};

/** Says what is taken along for services of which nothing is said yet; what somebody has set stays. */
export async function insertServiceItems(manager: EntityManager): Promise<void> {
  const ids = await serviceIds(manager);
  const known: { serviceId: number }[] = await manager.query(
    'SELECT DISTINCT serviceId FROM home_service_item',
  );
  const rows = Object.entries(serviceItems).flatMap(([code, items]) => {
    const serviceId = ids.get(code);
    if (serviceId === undefined || known.some((row) => row.serviceId === serviceId)) return [];
    return items.map(({ zh, en }, index) => [serviceId, index + 1, zh, en]);
  });
  await insertRows(manager, 'home_service_item', ['serviceId', 'number', 'nameZh', 'nameEn'], rows);
}
