import { type Role, roles } from '../../entities/access/access-grant.entity.js';

/**
 * Who may ask: the holders of these roles; IDENTIFIED, whoever has a token that counts, whatever the grants;
 * or ANYONE, without a token too.
 */
export type Rule = readonly Role[] | 'IDENTIFIED' | 'ANYONE';

const everyone = roles;
const managers = ['ADMIN', 'MANAGER'] as const satisfies readonly Role[];
const administrators = ['ADMIN'] as const satisfies readonly Role[];
const logReaders = ['ADMIN', 'AUDITOR'] as const satisfies readonly Role[];
const readers = ['READER'] as const satisfies readonly Role[];
const auditors = [...managers, 'AUDITOR'] as const satisfies readonly Role[];
const accountants = [...auditors, 'FINANCE'] as const satisfies readonly Role[];
const settlers = ['MANAGER', 'FINANCE'] as const satisfies readonly Role[];
const frontDesk = [...managers, 'STAFF'] as const satisfies readonly Role[];
/** Who sees elders and their cards. */
const filesReadBy = [...frontDesk, 'AUDITOR'] as const satisfies readonly Role[];

/**
 * Whether a role sees ID numbers, phones and addresses whole, where its grant covers the elder's home
 * station: always, when the grant says so, or never, whatever the grant says.
 */
export const identityPolicy: Readonly<Record<Role, 'always' | 'by grant' | 'never'>> = {
  ADMIN: 'always',
  MANAGER: 'by grant',
  STAFF: 'by grant',
  CAREGIVER: 'never',
  FINANCE: 'never',
  AUDITOR: 'never',
  READER: 'never',
  FAMILY: 'never',
};

/**
 * Which roles may ask what. A key is an operation of the graph, or Type.field for an edge that has a
 * resolver of its own; what is not listed is closed to everybody, so a resolver that is added without a
 * rule answers FORBIDDEN until somebody has decided.
 */
export const policy: Readonly<Record<string, Rule>> = {
  signIn: 'ANYONE',
  refreshSession: 'ANYONE',
  viewer: 'IDENTIFIED',
  signOut: 'IDENTIFIED',
  signOutEverywhere: 'IDENTIFIED',
  changePassword: 'IDENTIFIED',
  startTotp: 'IDENTIFIED',
  confirmTotp: 'IDENTIFIED',
  'Grant.facility': everyone,
  'Grant.elder': everyone,
  staffAccounts: managers,
  openAccount: managers,
  resetPassword: managers,
  grantRole: managers,
  withdrawGrant: managers,

  // The directory of places is printed on their doors; the people and sums behind it are not.
  facility: everyone,
  facilities: everyone,
  'Facility.parent': everyone,
  'Facility.ancestors': everyone,
  'Facility.children': everyone,
  'Facility.rollup': accountants,
  'NetworkRollup.facilities': accountants,
  'NetworkRollup.elders': accountants,
  'NetworkRollup.beds': accountants,
  'NetworkRollup.meals': accountants,
  'NetworkRollup.subsidyFen': accountants,
  'NetworkRollup.selfPaidFen': accountants,
  'NetworkRollup.visitsPlanned': accountants,
  'NetworkRollup.visitsCompleted': accountants,
  'Facility.beds': managers,
  addFacility: administrators,
  renameFacility: administrators,
  moveFacility: administrators,
  closeFacility: administrators,

  elder: filesReadBy,
  elders: filesReadBy,
  registerElder: frontDesk,
  endElder: managers,
  exportElder: administrators,
  eraseElder: administrators,
  'Elder.idNumber': filesReadBy,
  'Elder.phone': filesReadBy,
  'Elder.address': filesReadBy,

  'Elder.age': filesReadBy,
  'Elder.categories': filesReadBy,
  'Elder.homeStation': filesReadBy,
  'Elder.card': filesReadBy,
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
  swipe: accountants,
  voidSwipe: managers,
  canteenDay: accountants,
  configureCanteen: managers,
  'SwipeReceipt.canteen': everyone,
  'CanteenDay.canteen': accountants,

  // Who may take a step depends on the level too: src/settlement/statement.rules.ts has the table.
  canteenStatement: accountants,
  statements: accountants,
  statementLines: accountants,
  'CanteenStatement.canteen': accountants,
  'CanteenStatement.sums': accountants,
  'CanteenStatement.shares': accountants,
  'CanteenStatement.events': accountants,
  submitStatement: settlers,
  returnStatement: settlers,
  reviewStatement: settlers,
  sendBackStatement: settlers,
  signStatement: settlers,
  payStatement: settlers,
  freezeStatement: settlers,
  disputeLine: settlers,
  answerDispute: settlers,
  decideDispute: settlers,

  issueCard: frontDesk,
  topUpCard: frontDesk,
  reportCardLost: frontDesk,
  replaceCard: frontDesk,
  'MealCard.elder': filesReadBy,
  'MealCard.balanceFen': filesReadBy,

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

  auditLog: logReaders,
  'AuditRecord.facility': logReaders,

  setClock: administrators,
};

/** The roles that may ask `operation`; none for what is open whatever the roles, and for what has no rule. */
export function rolesFor(operation: string): readonly Role[] {
  const rule = policy[operation];
  return rule === undefined || typeof rule === 'string' ? [] : rule;
}
