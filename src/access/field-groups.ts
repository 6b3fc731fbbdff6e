import type { FamilyRight, Role } from '../../entities/access/access-grant.entity.js';

/**
 * What is shown of an elder beyond who it is, by why somebody may need it. A relative is let in to each of
 * BOOKING, HEALTH and MONEY by itself.
 */
export type FieldGroup = 'IDENTITY' | FamilyRight;

/**
 * A role shows a group always where it is held, when the grant says so, or never, whatever the grant says. 'to the door'
 * is phone and address, without the ID number, of the elders of one's own visits while they are open.
 */
export type Showing = 'always' | 'by grant' | 'to the door' | 'never';

/** The third column of the policy: role × operation × group. */
export const groupPolicy: Readonly<Record<FieldGroup, Readonly<Record<Role, Showing>>>> = {
  /** ID numbers, phones and addresses whole. To whom they are not shown, they are shown masked. */
  IDENTITY: {
    ADMIN: 'always',
    MANAGER: 'by grant',
    STAFF: 'by grant',
    CAREGIVER: 'to the door',
    // The addresses of a run are given by the run itself, and nothing else leads a courier to an elder.
    COURIER: 'never',
    FINANCE: 'never',
    AUDITOR: 'never',
    READER: 'never',
    FAMILY: 'never',
  },
  BOOKING: { ...shownToStaff(), FINANCE: 'never' },
  HEALTH: { ...shownToStaff(), FINANCE: 'never' },
  MONEY: { ...shownToStaff(), CAREGIVER: 'never' },
};

function shownToStaff(): Record<Role, Showing> {
  return {
    ADMIN: 'always',
    MANAGER: 'always',
    STAFF: 'always',
    CAREGIVER: 'always',
    COURIER: 'never',
    FINANCE: 'always',
    AUDITOR: 'always',
    READER: 'never',
    FAMILY: 'by grant',
  };
}

/**
 * The group of a field, plain ones too, or of an operation. What is not listed is of none: whoever was given
 * the elder may read it. The fields of a swipe's answer are opened by the operations that give it.
 */
export const fieldGroups: Readonly<Record<string, FieldGroup>> = {
  'Elder.idNumber': 'IDENTITY',
  'Elder.phone': 'IDENTITY',
  'Elder.address': 'IDENTITY',
  'Elder.abilityLevel': 'HEALTH',
  // Two of the categories tell of an illness or a handicap, and a list without them would tell a lie.
  'Elder.categories': 'HEALTH',
  'Elder.cityCategories': 'HEALTH',
  'Elder.abilityLevelOn': 'HEALTH',
  assessmentsOf: 'HEALTH',
  reportChangeOfState: 'HEALTH',
  'Elder.careNotes': 'HEALTH',
  'Elder.measurements': 'HEALTH',
  'Elder.careLimits': 'HEALTH',
  // Why a meal came back: a stroke, a hospital.
  'DeliveryOrder.reason': 'HEALTH',
  'DeliveryOrder.reasonText': 'HEALTH',
  'Elder.card': 'MONEY',
  'MealCard.balanceFen': 'MONEY',
  reportCardLost: 'MONEY',
  accountStatement: 'MONEY',
  'Elder.visits': 'BOOKING',
  visitChanged: 'BOOKING',
  hoursOf: 'BOOKING',
  rateVisit: 'BOOKING',
  orderDelivery: 'BOOKING',
  cancelDelivery: 'BOOKING',
  deliveriesOf: 'BOOKING',
  visitSlots: 'BOOKING',
  previewVisit: 'BOOKING',
  bookVisit: 'BOOKING',
  rescheduleVisit: 'BOOKING',
  cancelVisit: 'BOOKING',
  objectToCancellation: 'BOOKING',
  waitlistPositionOf: 'BOOKING',
  waitlistChanged: 'BOOKING',
  explainPosition: 'BOOKING',
  joinWaitlist: 'BOOKING',
  leaveWaitlist: 'BOOKING',
  acceptOffer: 'BOOKING',
  declineOffer: 'BOOKING',
};

/** The group without which `operation` is closed; undefined when there is none, or the field is only masked. */
export function closingGroup(operation: string): FamilyRight | undefined {
  const group = fieldGroups[operation];
  return group === 'IDENTITY' ? undefined : group;
}
