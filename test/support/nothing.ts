import { hoursNowhere } from './hours-walk.js';

const none = 999_999;

/** What there is not, by the names of what there is at a side. */
export const nothing = {
  ...hoursNowhere,
  facilityId: none,
  facilityCode: 'NOWHERE',
  elderId: none,
  cardUid: '04FFFFFFFF',
  readerId: none,
  accountId: none,
  grantId: none,
  relativeId: none,
  visitId: none,
  planId: none,
  ruleSetId: none,
  deliveryId: none,
  flagId: none,
};
