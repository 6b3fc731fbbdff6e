import type { BedState } from '../../src/beds/bed-states.js';
import type { PatientClient } from './patient-client.js';

/** A stay or a hold as the graph shows it, or why nothing was done. */
export interface StayTold {
  id: string;
  from: string;
  to: string | null;
  state: string;
  endReason: string | null;
  /** Of a refusal. */
  refused?: string;
  message?: string;
}

export interface EntryTold {
  id: string;
  position: number;
  elder: { id: string };
  offer: { id: string; bed: { id: string } } | null;
  refused?: string;
  message?: string;
}

export interface BedTold {
  id: string;
  type: string;
  genderRule: 'FEMALE' | 'MALE' | 'ANY';
}

export interface BoardTold {
  bed: BedTold;
  state: BedState;
  stay: { id: string; from: string; state: string } | null;
  occupant: { elderId: string; abilityLevel: number | null } | null;
}

export interface CountTold {
  total: number;
  open: number;
  occupied: number;
  onLeave: number;
  held: number;
  free: number;
}

const counts = 'total open occupied onLeave held free';
const refusal = '... on BedRefusal { refused: code message }';
const stay = `{ ... on BedStay { id from to state endReason } ${refusal} }`;
const entry = `{ ... on WaitlistEntry { id position elder { id } offer { id bed { id } } }
  ... on WaitlistRefusal { refused: code message } }`;

const texts = {
  bedBoard: `query Board($facilityId: ID!, $on: Date!) { bedBoard(facilityId: $facilityId, on: $on) {
    bed { id type genderRule } state stay { id from state } occupant { elderId abilityLevel } } }`,
  availableBeds: `query Free($within: ID!, $type: BedType!, $from: Date!) {
    availableBeds(within: $within, type: $type, from: $from, first: 100) { nodes { id type genderRule } } }`,
  occupancy: `query Series($within: ID!, $from: Date!, $to: Date!) {
    occupancy(within: $within, from: $from, to: $to) { ${counts} } }`,
  facility: `query Home($id: ID!, $on: Date!) { facility(id: $id) { rollup(on: $on) { beds { ${counts} } } } }`,
  elder: `query Elder($id: ID!) { elder(id: $id) { status stay { id } } }`,
  assessmentScale: `query Scale($on: Date!) { assessmentScale(on: $on) {
    indicators { code scoreMax } } }`,
  recordAssessment: `mutation Assess($requestId: ID!, $elderId: ID!, $assessedOn: Date!, $scores: [IndicatorScoreInput!]!) {
    recordAssessment(requestId: $requestId, elderId: $elderId, assessedOn: $assessedOn, scores: $scores) {
      ... on AbilityAssessment { id level } ... on AssessmentRefusal { refused: code message } } }`,
  holdBed: `mutation Hold($requestId: ID!, $bedId: ID!, $elderId: ID!, $from: Date!, $expiresAt: DateTime!) {
    holdBed(requestId: $requestId, bedId: $bedId, elderId: $elderId, from: $from, expiresAt: $expiresAt) ${stay} }`,
  releaseHold: `mutation Release($stayId: ID!) { releaseHold(stayId: $stayId) ${stay} }`,
  admit: `mutation Admit($requestId: ID!, $bedId: ID!, $elderId: ID!, $from: Date!, $holdId: ID, $signed: Date) {
    admit(requestId: $requestId, bedId: $bedId, elderId: $elderId, from: $from, holdId: $holdId,
      contractSignedOn: $signed) ${stay} }`,
  startLeave: `mutation Leave($stayId: ID!, $on: Date!, $kind: LeaveKind!, $back: Date) {
    startLeave(stayId: $stayId, on: $on, kind: $kind, expectedBackOn: $back) ${stay} }`,
  endLeave: `mutation Back($stayId: ID!, $on: Date!) { endLeave(stayId: $stayId, on: $on) ${stay} }`,
  discharge: `mutation Discharge($stayId: ID!, $on: Date!, $reason: String!) {
    discharge(stayId: $stayId, on: $on, reason: $reason) ${stay} }`,
  askTransfer: `mutation Ask($requestId: ID!, $stayId: ID!, $facilityId: ID!, $on: Date!) {
    askTransfer(requestId: $requestId, stayId: $stayId, facilityId: $facilityId, on: $on) {
      ... on StayTransfer { id } ${refusal} } }`,
  acceptTransfer: `mutation Accept($requestId: ID!, $transferId: ID!, $bedId: ID!) {
    acceptTransfer(requestId: $requestId, transferId: $transferId, bedId: $bedId) ${stay} }`,
  joinWaitlist: `mutation Join($requestId: ID!, $elderId: ID!, $facilityId: ID!, $type: BedType!) {
    joinWaitlist(requestId: $requestId, elderId: $elderId, facilityId: $facilityId, type: $type) ${entry} }`,
  waitlistLines: `query Lines($facilityId: ID!) { waitlistLines(facilityId: $facilityId) { type passesOn } }`,
  setOffersPassOn: `mutation PassOn($facilityId: ID!, $type: BedType!, $passesOn: Boolean) {
    setOffersPassOn(facilityId: $facilityId, type: $type, passesOn: $passesOn) {
      ... on WaitlistLine { passesOn } ${refusal} } }`,
  offerBed: `mutation Offer($bedId: ID!) { offerBed(bedId: $bedId) ${entry} }`,
  acceptOffer: `mutation Take($offerId: ID!, $from: Date!) { acceptOffer(offerId: $offerId, from: $from) ${stay} }`,
  declineOffer: `mutation Decline($offerId: ID!, $reason: String!) {
    declineOffer(offerId: $offerId, reason: $reason) ${entry} }`,
};

type Field = keyof typeof texts;

/** What each field answers. */
interface Answers {
  bedBoard: BoardTold[];
  availableBeds: { nodes: BedTold[] };
  occupancy: CountTold[];
  facility: { rollup: { beds: CountTold } };
  elder: { status: string; stay: { id: string } | null } | null;
  assessmentScale: { indicators: { code: string; scoreMax: number | null }[] };
  recordAssessment: { id: string; level: number; refused?: string };
  holdBed: StayTold;
  releaseHold: StayTold;
  admit: StayTold;
  startLeave: StayTold;
  endLeave: StayTold;
  discharge: StayTold;
  askTransfer: { id: string; refused?: string };
  acceptTransfer: StayTold;
  joinWaitlist: EntryTold;
  waitlistLines: { type: string; passesOn: boolean | null }[];
  setOffersPassOn: { refused?: string };
  offerBed: EntryTold;
  acceptOffer: StayTold;
  declineOffer: EntryTold;
}

/** What managers of homes and of the county ask of the public graph about beds. */
export class BedCalls {
  constructor(
    private readonly client: PatientClient,
    /** Waits for a server that went away, and runs the request again. */
    private readonly steadily: <T>(request: () => Promise<T>) => Promise<T>,
  ) {}

  async ask<Name extends Field>(name: Name, variables: object, token: string): Promise<Answers[Name]> {
    const data = await this.steadily(() =>
      this.client.ask<Record<Name, Answers[Name]>>(texts[name], variables, token),
    );
    return data[name];
  }
}
