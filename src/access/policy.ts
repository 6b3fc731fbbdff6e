import { type Role, roles } from '../../entities/access/access-grant.entity.js';

/**
 * Who may ask: the holders of these roles; IDENTIFIED, whoever has a token that counts, whatever the grants;
 * or ANYONE, without a token too.
 */
export type Rule = readonly Role[] | 'IDENTIFIED' | 'ANYONE';

const everyone = roles;
const managers = ['ADMIN', 'MANAGER'] as const satisfies readonly Role[];
const administrators = ['ADMIN'] as const satisfies readonly Role[];
/** Who writes the rules of subsidies; an administrator of the place lets them count. */
const treasurers = ['ADMIN', 'FINANCE'] as const satisfies readonly Role[];
const logReaders = ['ADMIN', 'AUDITOR'] as const satisfies readonly Role[];
const readers = ['READER'] as const satisfies readonly Role[];
const auditors = [...managers, 'AUDITOR'] as const satisfies readonly Role[];
const accountants = [...auditors, 'FINANCE'] as const satisfies readonly Role[];
const settlers = ['MANAGER', 'FINANCE'] as const satisfies readonly Role[];
const frontDesk = [...managers, 'STAFF'] as const satisfies readonly Role[];
/** Who sees elders and their cards: relatives those of the elders that they were let in to. */
const filesReadBy = [...frontDesk, 'AUDITOR', 'FAMILY'] as const satisfies readonly Role[];
const auditorsAndDesk = [...frontDesk, 'AUDITOR'] as const satisfies readonly Role[];
/** Who books visits: relatives those of the elders for whom they were let in to it. */
const bookers = [...managers, 'FAMILY'] as const satisfies readonly Role[];
const frontDeskAndFamily = [...frontDesk, 'FAMILY'] as const satisfies readonly Role[];
const caregivers = ['CAREGIVER'] as const satisfies readonly Role[];
/** Who sees visits and whom they lead to; a caregiver its own alone (src/visits/elder-windows.ts). */
const visitsReadBy = [...frontDesk, 'AUDITOR', ...caregivers] as const satisfies readonly Role[];
/** Who brings meals. A courier has a part in its own alone (courier-scope.ts). */
const couriers = ['COURIER'] as const satisfies readonly Role[];
const bringers = [...frontDesk, ...couriers] as const satisfies readonly Role[];
const visitsShownTo = [...visitsReadBy, 'FAMILY'] as const satisfies readonly Role[];

/**
 * Which roles may ask what. A key is an operation of the graph, or Type.field for an edge that has a
 * resolver of its own; what is not listed is closed to everybody, so a resolver that is added without a
 * rule answers FORBIDDEN until somebody has decided.
 */
export const policy: Readonly<Record<string, Rule>> = {
  signIn: 'ANYONE',
  requestSignInCode: 'ANYONE',
  signInByCode: 'ANYONE',
  refreshSession: 'ANYONE',
  viewer: 'IDENTIFIED',
  signOut: 'IDENTIFIED',
  signOutEverywhere: 'IDENTIFIED',
  changePassword: 'IDENTIFIED',
  startTotp: 'IDENTIFIED',
  confirmTotp: 'IDENTIFIED',
  'Viewer.lastSequence': everyone,
  'Grant.facility': everyone,
  'Grant.elder': everyone,
  staffAccounts: managers,
  openAccount: managers,
  resetPassword: managers,
  grantRole: managers,
  withdrawGrant: managers,

  consentText: frontDeskAndFamily,
  'Elder.relatives': filesReadBy,
  letRelativeIn: frontDeskAndFamily,
  changeRelativeRights: frontDeskAndFamily,
  withdrawRelative: frontDeskAndFamily,

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

  elder: visitsShownTo,
  elders: visitsShownTo,
  registerElder: frontDesk,
  endElder: managers,
  exportElder: administrators,
  eraseElder: administrators,
  'Elder.idNumber': visitsShownTo,
  'Elder.phone': visitsShownTo,
  'Elder.address': visitsShownTo,

  'Elder.emergencyContacts': visitsShownTo,
  // How the door is found is for those who go there.
  'Elder.door': [...frontDesk, ...caregivers],
  setElderContacts: frontDesk,
  'Elder.age': visitsShownTo,
  'Elder.categories': filesReadBy,
  'Elder.homeStation': visitsShownTo,
  'Elder.card': filesReadBy,
  'Elder.visits': visitsShownTo,
  'Elder.stay': managers,

  readers: managers,
  'Reader.canteen': managers,
  'Reader.addresses': managers,
  'Reader.missingSequences': managers,
  sequenceGaps: managers,
  explainGap: managers,
  enrolReader: managers,
  rotateReader: managers,
  revokeReader: managers,

  recordSwipe: readers,
  recordSwipes: readers,
  previewSwipe: readers,
  readerSnapshot: readers,
  readerSnapshotKeys: readers,
  swipe: accountants,
  voidSwipe: managers,
  correctSwipe: managers,
  canteenDay: accountants,
  canteenDayChanged: accountants,
  configureCanteen: managers,
  'SwipeReceipt.canteen': everyone,
  'CanteenDay.canteen': accountants,
  openReviews: accountants,
  swipeReview: accountants,
  decideReview: managers,
  'SwipeReview.canteen': accountants,
  // Within them the canteen's own people see nothing: src/meals/flags/flag-scope.ts.
  fraudFlags: auditors,
  fraudFlag: auditors,
  'FraudFlag.canteen': auditors,
  'FraudFlag.swipes': auditors,
  'FraudFlag.events': auditors,
  takeFraudFlag: managers,
  releaseFraudFlag: managers,
  decideFraudFlag: managers,
  flagThresholds: auditors,
  setFlagThreshold: administrators,
  trialBalance: accountants,
  'TrialBalanceLine.canteen': accountants,
  'TrialBalanceLine.funderCode': accountants,

  configureDelivery: managers,
  setElderDoor: frontDesk,
  orderDelivery: frontDeskAndFamily,
  cancelDelivery: frontDeskAndFamily,
  deliveriesOf: frontDeskAndFamily,
  deliveriesOn: auditorsAndDesk,
  deliveryLookIns: frontDesk,
  assignDeliveries: frontDesk,
  startDeliveries: bringers,
  handOverDelivery: bringers,
  bringBackDelivery: bringers,
  myDeliveryRun: couriers,
  'DeliveryOrder.canteen': [...bringers, 'AUDITOR', 'FAMILY'],
  'DeliveryStop.canteen': couriers,

  subsidyRuleSets: accountants,
  'SubsidyRuleSet.facility': accountants,
  proposeRuleSet: treasurers,
  approveRuleSet: administrators,
  rejectRuleSet: administrators,
  withdrawRuleSet: treasurers,
  explainSubsidy: auditorsAndDesk,
  previewRuleChange: treasurers,

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
  refundCard: frontDesk,
  reportCardLost: frontDeskAndFamily,
  replaceCard: frontDesk,
  closeMealAccount: managers,
  accountStatement: filesReadBy,
  'AccountMovement.place': filesReadBy,
  'MealCard.elder': filesReadBy,
  'MealCard.balanceFen': filesReadBy,

  services: visitsShownTo,
  visit: visitsReadBy,
  visitsOn: visitsReadBy,
  visitChanged: visitsShownTo,
  'Visit.elder': visitsShownTo,
  'Visit.service': visitsShownTo,
  'Visit.station': visitsShownTo,
  'Visit.caregiver': visitsShownTo,
  'Visit.caregivers': visitsShownTo,
  // Whoever carries a visit out handles no money; a family agreed to the sums when it booked.
  'Visit.subsidyFen': [...auditorsAndDesk, 'FAMILY'],
  'Visit.selfPaidFen': [...auditorsAndDesk, 'FAMILY'],
  'Caregiver.station': visitsShownTo,
  'Caregiver.skills': visitsShownTo,

  serviceCatalog: auditors,
  // The catalogue is the whole network's: an administrator of a part is refused by the resolver.
  addService: administrators,
  changeService: administrators,
  setServicePrice: administrators,
  setServiceOffer: managers,
  hoursRuleSets: accountants,
  'HoursRuleSet.facility': accountants,
  proposeHoursRuleSet: treasurers,
  approveHoursRuleSet: administrators,
  rejectHoursRuleSet: administrators,
  withdrawHoursRuleSet: treasurers,
  hoursOf: filesReadBy,
  explainHours: auditorsAndDesk,
  caregivers: managers,
  roster: managers,
  myRoster: caregivers,
  'CaregiverFile.station': [...managers, ...caregivers],
  'CaregiverFile.certificates': [...managers, ...caregivers],
  addCaregiver: managers,
  changeCaregiver: managers,
  endCaregiver: managers,
  keepSkill: managers,
  withdrawSkill: managers,
  setWorkingHours: managers,
  recordAbsence: managers,
  withdrawAbsence: managers,
  // Only of the caller's own visits: src/visits/visit-reach.ts.
  checkIn: caregivers,
  checkOut: caregivers,
  recordVisitChecks: caregivers,
  recordCare: caregivers,
  endVisit: managers,
  evidenceForReview: auditors,
  visitEvidence: auditors,
  decideVisitEvidence: managers,
  'VisitEvidence.visit': auditors,
  'VisitEvidence.checks': auditors,
  'VisitEvidence.note': auditors,
  visitCareTerms: auditors,
  setVisitCareTerms: administrators,
  visitTerms: auditors,
  setVisitTerms: administrators,
  visitDuties: auditors,
  setVisitDuty: administrators,
  doorTags: managers,
  issueDoorTag: managers,
  revokeDoorTag: managers,
  'Elder.careNotes': visitsShownTo,
  'Elder.measurements': visitsShownTo,
  'Elder.careLimits': visitsShownTo,
  setCareLimit: managers,
  visitAlerts: auditorsAndDesk,
  'VisitAlert.visit': auditorsAndDesk,
  'VisitAlert.facility': auditorsAndDesk,
  answerVisitAlert: frontDesk,
  careAlerts: auditorsAndDesk,
  'CareAlert.visit': auditorsAndDesk,
  answerCareAlert: frontDesk,
  rateVisit: ['FAMILY'],
  // Whoever was rated is not told by whom.
  'Visit.rating': [...auditorsAndDesk, 'FAMILY'],
  caregiverRatings: auditors,
  'CaregiverRating.caregiver': auditors,
  'Visit.toBring': visitsShownTo,
  setServiceItems: administrators,
  visitSlots: bookers,
  previewVisit: bookers,
  bookVisit: bookers,
  rescheduleVisit: bookers,
  cancelVisit: bookers,
  assignVisit: managers,
  visitsDue: managers,
  'VisitDue.elder': managers,
  'VisitOffer.caregivers': bookers,
  'Visit.note': [...frontDesk, ...caregivers, 'FAMILY'],
  'Visit.agreed': visitsShownTo,
  'Visit.history': managers,

  // Not in service yet. Whoever will have them is told so; a reader will not have them.
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
