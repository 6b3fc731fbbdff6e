import type { Role } from '../../entities/access/access-grant.entity.js';

const everyone = ['ADMIN', 'MANAGER', 'AUDITOR', 'READER'] as const satisfies readonly Role[];
const managers = ['ADMIN', 'MANAGER'] as const satisfies readonly Role[];
const administrators = ['ADMIN'] as const satisfies readonly Role[];
const auditors = ['ADMIN', 'AUDITOR'] as const satisfies readonly Role[];
const readers = ['READER'] as const satisfies readonly Role[];

/**
 * Whether a role sees ID numbers, phones and addresses whole, where its grant covers the elder's home
 * station: always, when the grant says so, or never, whatever the grant says.
 */
export const identityPolicy: Readonly<Record<Role, 'always' | 'by grant' | 'never'>> = {
  ADMIN: 'always',
  MANAGER: 'by grant',
  AUDITOR: 'never',
  READER: 'never',
};

/**
 * Which roles may ask what. A key is an operation of the graph, or Type.field for an edge that has a
 * resolver of its own; what is not listed is closed to everybody, so a resolver that is added without a
 * rule answers FORBIDDEN until somebody has decided.
 */
export const policy: Readonly<Record<string, readonly Role[]>> = {
  viewer: everyone,
  'Grant.facility': everyone,

  // The directory of places is printed on their doors; the people and sums behind it are not.
  facility: everyone,
  facilities: everyone,
  'Facility.parent': everyone,
  'Facility.ancestors': everyone,
  'Facility.children': everyone,
  'Facility.rollup': managers,
  'NetworkRollup.facilities': managers,
  'NetworkRollup.elders': managers,
  'NetworkRollup.beds': managers,
  'NetworkRollup.meals': managers,
  'NetworkRollup.subsidyFen': managers,
  'NetworkRollup.selfPaidFen': managers,
  'NetworkRollup.visitsPlanned': managers,
  'NetworkRollup.visitsCompleted': managers,
  'Facility.beds': managers,
  addFacility: administrators,
  renameFacility: administrators,
  moveFacility: administrators,
  closeFacility: administrators,

  elder: managers,
  elders: managers,
  registerElder: managers,
  endElder: managers,
  exportElder: administrators,
  eraseElder: administrators,
  'Elder.idNumber': managers,
  'Elder.phone': managers,
  'Elder.address': managers,
  'Elder.age': managers,
  'Elder.categories': managers,
  'Elder.homeStation': managers,
  'Elder.card': managers,
  'Elder.visits': managers,
  'Elder.stay': managers,

  readers: managers,
  'Reader.canteen': managers,
  'Reader.addresses': managers,
  'Reader.missingSequences': managers,
  enrolReader: managers,
  rotateReader: managers,
  revokeReader: managers,

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

  // Not in service yet. Whoever will have them is told so; a reader will not have them.
  services: managers,
  visitSlots: managers,
  visit: managers,
  visitsOn: managers,
  bookVisit: managers,
  rescheduleVisit: managers,
  cancelVisit: managers,
  assignVisit: managers,
  // A caregiver's alone, and no caregiver has a token yet.
  checkIn: [],
  checkOut: [],

  availableBeds: managers,
  occupancy: managers,
  waitlist: managers,
  'Bed.state': managers,
  'Bed.stay': managers,
  holdBed: managers,
  admit: managers,
  transferStay: managers,
  startLeave: managers,
  endLeave: managers,
  discharge: managers,
  joinWaitlist: managers,
  offerBed: managers,
  acceptOffer: managers,
  declineOffer: managers,

  auditLog: auditors,
  'AuditRecord.facility': auditors,

  setClock: administrators,
};
