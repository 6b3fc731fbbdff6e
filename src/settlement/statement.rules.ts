import type { FacilityKind } from '../../entities/network/facility.entity.js';
import type { StatementState } from '../../entities/settlement/month-statement.entity.js';
import type { DisputeDecision } from '../../entities/settlement/statement-dispute.entity.js';
import { hasControls } from '../shared/control-characters.js';

/** Where somebody stands towards a facility that is settled: in it, or in a centre above it. */
export type Level = 'FACILITY' | 'STREET' | 'COUNTY' | 'CITY';

/** A role held at a level above a facility. OPERATOR is whoever may run commands on the machine. */
export interface Office {
  role: string;
  level: Level;
}

/** Who takes a step; without an account for the operator of the machine. */
export interface Person {
  accountId: number | null;
  offices: readonly Office[];
}

export const statementEvents = ['SUBMIT', 'RETURN', 'REVIEW', 'SEND_BACK', 'SIGN', 'PAY', 'FREEZE'] as const;
export type StatementEventName = (typeof statementEvents)[number];

export interface Transition {
  event: StatementEventName;
  from: StatementState;
  by: readonly Office[];
  to: StatementState;
  /** What has to be written with it; null when nothing is. */
  note: string | null;
}

const streetManager: Office = { role: 'MANAGER', level: 'STREET' };
const facilityManager: Office = { role: 'MANAGER', level: 'FACILITY' };
const countyManager: Office = { role: 'MANAGER', level: 'COUNTY' };
const countyFinance: Office = { role: 'FINANCE', level: 'COUNTY' };
const cityFinance: Office = { role: 'FINANCE', level: 'CITY' };
const operator: Office = { role: 'OPERATOR', level: 'CITY' };

/** The life of a statement. Code, documentation and tests read this one table; nothing leads out of FROZEN. */
export const transitions: readonly Transition[] = [
  { event: 'SUBMIT', from: 'DRAFT', by: [facilityManager, operator], to: 'SUBMITTED', note: null },
  { event: 'RETURN', from: 'SUBMITTED', by: [streetManager], to: 'DRAFT', note: 'why it goes back' },
  { event: 'REVIEW', from: 'SUBMITTED', by: [streetManager], to: 'REVIEWED', note: null },
  {
    event: 'SEND_BACK',
    from: 'REVIEWED',
    by: [countyManager, countyFinance],
    to: 'SUBMITTED',
    note: 'why it goes back',
  },
  { event: 'SIGN', from: 'REVIEWED', by: [countyManager, countyFinance], to: 'SIGNED', note: null },
  {
    event: 'PAY',
    from: 'SIGNED',
    by: [countyFinance, cityFinance],
    to: 'PAID',
    note: 'number of the payment',
  },
  {
    event: 'FREEZE',
    from: 'PAID',
    by: [countyManager, countyFinance, cityFinance],
    to: 'FROZEN',
    note: null,
  },
];

export const disputeSteps = [
  { step: 'DISPUTE', by: [streetManager] },
  { step: 'ANSWER', by: [facilityManager] },
  { step: 'DECIDE', by: [streetManager] },
] as const satisfies readonly { step: string; by: readonly Office[] }[];
export type DisputeStep = (typeof disputeSteps)[number]['step'];

/** In which state of its statement a line can be disputed, answered for and decided on. */
export const disputedIn: StatementState = 'SUBMITTED';

export const noteLengthMax = 200;

/** The text without spaces around it; undefined when it is empty, too long or holds a control character. */
export function noteOf(text: string | null | undefined): string | undefined {
  const note = text?.trim() ?? '';
  return note === '' || note.length > noteLengthMax || hasControls(note) ? undefined : note;
}

export type StepFault =
  | 'NOT_ENTITLED'
  | 'FROZEN'
  | 'WRONG_STATE'
  | 'VERSION_CHANGED'
  | 'SAME_PERSON'
  | 'NOTE_INVALID';

export interface Standing {
  state: StatementState;
  version: number;
  /** Who took the last step; undefined when there was none, null for the operator. */
  lastById: number | null | undefined;
  /** Who submitted it last, in the same way. */
  submittedById: number | null | undefined;
}

export interface Step {
  event: StatementEventName;
  person: Person;
  note?: string | null | undefined;
  /** The version that the caller has seen; undefined when it does not matter to the caller. */
  version?: number | undefined;
}

export function transitionOf(event: StatementEventName): Transition {
  const found = transitions.find((transition) => transition.event === event);
  if (!found) throw new Error(`there is no transition ${event}`);
  return found;
}

/** Why a step may not be taken, the first that applies in this order; undefined when it may. */
export function faultOf(
  { state, version, lastById, submittedById }: Standing,
  step: Step,
): StepFault | undefined {
  const { from, by, note } = transitionOf(step.event);
  if (!holdsOneOf(step.person, by)) return 'NOT_ENTITLED';
  if (state === 'FROZEN') return 'FROZEN';
  if (state !== from) return 'WRONG_STATE';
  if (step.version !== undefined && step.version !== version) return 'VERSION_CHANGED';
  if (isSame(lastById, step.person)) return 'SAME_PERSON';
  if (approvals.includes(step.event) && isSame(submittedById, step.person)) return 'SAME_PERSON';
  if (note !== null && noteOf(step.note) === undefined) return 'NOTE_INVALID';
  return undefined;
}

export function mayTake(step: DisputeStep, person: Person): boolean {
  const found = disputeSteps.find((each) => each.step === step);
  return found !== undefined && holdsOneOf(person, found.by);
}

/** What somebody who submitted a statement must leave to others, whatever else they are. */
export const approvals: readonly StatementEventName[] = ['REVIEW', 'SIGN', 'PAY', 'FREEZE'];

/** Two persons see every money: nobody takes two steps in a row, and nobody approves what they submitted. */
function isSame(lastById: number | null | undefined, { accountId }: Person): boolean {
  return accountId !== null && accountId === lastById;
}

function holdsOneOf({ offices }: Person, by: readonly Office[]): boolean {
  return by.some(({ role, level }) => offices.some((held) => held.role === role && held.level === level));
}

export type DisputeState = 'OPEN' | 'ANSWERED' | 'DECIDED';

export function disputeStateOf(dispute: {
  answer: string | null;
  decision: DisputeDecision | null;
}): DisputeState {
  if (dispute.decision !== null) return 'DECIDED';
  return dispute.answer === null ? 'OPEN' : 'ANSWERED';
}

/**
 * At which levels each of these facilities stands towards the first of them; `path` leads upwards. Where a
 * canteen stands right beneath the county, the county's people do the street's part, two of them one after
 * the other.
 */
export function levelsAlong(path: readonly { id: number; kind: FacilityKind }[]): Map<number, Level[]> {
  const own = new Map<number, Level[]>();
  const hasStreet = path.some(({ kind }) => levelOf(kind) === 'STREET');
  path.forEach(({ id, kind }, index) => {
    const level = index === 0 ? 'FACILITY' : levelOf(kind);
    own.set(id, level === 'COUNTY' && !hasStreet ? ['STREET', 'COUNTY'] : [level]);
  });
  return own;
}

/** What stands between a canteen and its street, such as a day-care centre, is answerable as the canteen is. */
function levelOf(kind: FacilityKind): Level {
  if (kind === 'CITY_CENTER') return 'CITY';
  if (kind === 'COUNTY_CENTER') return 'COUNTY';
  return kind === 'STREET_CENTER' || kind === 'REGIONAL_CENTER' ? 'STREET' : 'FACILITY';
}

/** The table in Markdown, for the documentation. */
export function transitionTable(): string {
  const people = (by: readonly Office[]) => by.map(({ role, level }) => `${role} at ${level}`).join(', ');
  const lines = transitions.map(
    ({ event, from, by, to, note }) => `| ${from} | ${event} | ${people(by)} | ${to} | ${note ?? ''} |`,
  );
  return ['| from | event | who | to | to be written |', '|---|---|---|---|---|', ...lines].join('\n');
}
