import type { ServiceGroup } from '../../entities/visits/home-service.entity.js';
import type { Text } from '../shared/text.js';

/** What GB/T 43153-2023 calls its groups of home services. */
export const serviceGroupNames: Readonly<Record<ServiceGroup, Text>> = {
  DAILY_CARE: { zh: '生活照料', en: 'Daily living' },
  BASIC_NURSING: { zh: '基础照护', en: 'Basic nursing' },
  HEALTH: { zh: '健康管理', en: 'Health management' },
  VISITING: { zh: '探访关爱', en: 'Looking in' },
  COMFORT: { zh: '精神慰藉', en: 'Comfort' },
  ERRANDS: { zh: '委托代办', en: 'Errands' },
  ADAPTATION: { zh: '环境适老化改造', en: 'Adapting the home' },
};
