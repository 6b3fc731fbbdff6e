import type { Role } from '../../entities/access/access-grant.entity.js';

const everyone = ['ADMIN', 'MANAGER', 'READER'] as const satisfies readonly Role[];
const managers = ['ADMIN', 'MANAGER'] as const satisfies readonly Role[];
const administrators = ['ADMIN'] as const satisfies readonly Role[];
const readers = ['READER'] as const satisfies readonly Role[];

/**
 * Which roles may ask what. A key is an operation of the graph, or Type.field for an edge that has a
 * resolver of its own; what is not listed is closed to everybody, so a resolver that is added without a
 * rule answers FORBIDDEN until somebody has decided.
 */
export const policy: Readonly<Record<string, readonly Role[]>> = {
  viewer: everyone,

  // The directory of places is printed on their doors; the people and sums behind it are not.
  facility: everyone,
  facilities: everyone,
  'Facility.parent': everyone,
  'Facility.ancestors': everyone,
  'Facility.children': everyone,
  'Facility.rollup': managers,
  'Facility.beds': managers,
  addFacility: administrators,
  renameFacility: administrators,
  moveFacility: administrators,
  closeFacility: administrators,

  elder: managers,
  elders: managers,
  registerElder: managers,
  endElder: managers,
  'Elder.age': managers,
  'Elder.categories': managers,
  'Elder.homeStation': managers,
  'Elder.card': managers,
  'Elder.visits': managers,
  'Elder.stay': managers,

  recordSwipe: readers,
  recordSwipes: readers,
  previewSwipe: readers,
  swipe: managers,
  voidSwipe: managers,
  canteenDay: managers,
  configureCanteen: managers,
  'SwipeReceipt.canteen': everyone,
  'CanteenDay.canteen': managers,

  issueCard: managers,
  topUpCard: managers,
  reportCardLost: managers,
  replaceCard: managers,
  'MealCard.elder': managers,
  'MealCard.balanceFen': managers,

  setClock: administrators,
};
