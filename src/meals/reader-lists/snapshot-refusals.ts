import { refuse } from '../../shared/refusal.js';

export type SnapshotRefusalCode =
  | 'CANTEEN_NOT_YOURS'
  | 'ITEMS_OUT_OF_RANGE'
  | 'SINCE_INVALID'
  | 'CANTEEN_NOT_CONFIGURED'
  | 'SNAPSHOTS_NOT_SET_UP';

/** The most items that a page may hold. */
export const itemsMax = 5000;

/** In the order in which they are looked for. */
export const snapshotRefusals = {
  canteenNotYours: refuse<SnapshotRefusalCode>(
    'CANTEEN_NOT_YOURS',
    { zh: '不是本机登记的食堂', en: 'is not the canteen of this reader' },
    ['canteenId'],
  ),
  itemsOutOfRange: refuse<SnapshotRefusalCode>(
    'ITEMS_OUT_OF_RANGE',
    { zh: `须为 1 至 ${itemsMax}`, en: `must be 1 to ${itemsMax}` },
    ['itemsMax'],
  ),
  sinceInvalid: refuse<SnapshotRefusalCode>(
    'SINCE_INVALID',
    { zh: '不是名单的版本', en: 'is not a version of any list' },
    ['since'],
  ),
  notSetUp: refuse<SnapshotRefusalCode>('SNAPSHOTS_NOT_SET_UP', {
    zh: '本平台尚未启用脱机名单',
    en: 'This platform gives readers no lists yet',
  }),
  notConfigured: refuse<SnapshotRefusalCode>('CANTEEN_NOT_CONFIGURED', {
    zh: '食堂尚未设置餐价和供餐时间',
    en: 'The canteen has no price and no meal windows yet',
  }),
};
