import type { VisitStatus } from '../../entities/visits/visit.entity.js';
import type { PatientClient } from './patient-client.js';

/** A visit as the graph shows it, or why nothing was done. */
export interface VisitTold {
  id: string;
  status: VisitStatus;
  startsAt: string;
  endsAt: string;
  subsidyFen: number;
  selfPaidFen: number;
  agreed: { hoursMinutes: number } | null;
  /** Of a refusal. */
  refused?: string;
  message?: string;
}

export interface VisitOnDay {
  id: string;
  startsAt: string;
  endsAt: string;
}

export interface Tap {
  visitId: string;
  requestId: string;
  at: string;
  latitude: number;
  longitude: number;
}

export interface StationSums {
  lines: number;
  visits: number;
  minutes: number;
  hoursMinutes: number;
  grossFen: number;
  subsidyFen: number;
  selfPaidFen: number;
}

const shown = 'id status startsAt endsAt subsidyFen selfPaidFen agreed { hoursMinutes }';
const refusal = '... on VisitRefusal { refused: code message }';
// A caregiver is told no prices of what was agreed.
const tapped = `{ ... on Visit { id status } ${refusal} }`;
const tapArguments = '$visitId: ID!, $requestId: ID!, $at: DateTime!, $latitude: Float!, $longitude: Float!';
const tapGiven =
  'visitId: $visitId, requestId: $requestId, at: $at, latitude: $latitude, longitude: $longitude';

const texts = {
  slots: `query Slots($elderId: ID!, $serviceCode: String!, $from: DateTime!, $to: DateTime!) {
    visitSlots(elderId: $elderId, serviceCode: $serviceCode, from: $from, to: $to, first: 50) { startsAt endsAt } }`,
  book: `mutation Book($input: BookVisitInput!) { bookVisit(input: $input) { ... on Visit { ${shown} } ${refusal} } }`,
  cancel: `mutation CallOff($id: ID!) {
    cancelVisit(visitId: $id, reason: "老人住院") { ... on Visit { ${shown} } ${refusal} } }`,
  visit: `query Visit($id: ID!) { visit(id: $id) { ${shown} } }`,
  planDay: `mutation Plan($stationId: ID!, $date: Date!) {
    planDay(stationId: $stationId, date: $date, options: { seconds: 2, fewChanges: true }) {
      ... on VisitPlan { id state } ... on PlanRefusal { refused: code message } } }`,
  plan: 'query Plan($id: ID!) { plan(id: $id) { id state plannedVisits leftOutVisits } }',
  applyPlan: `mutation Apply($id: ID!) { applyPlan(planId: $id) {
    ... on VisitPlan { id state appliedVisits } ... on PlanRefusal { refused: code message } } }`,
  ownDay: 'query OwnDay($date: Date!) { visitsOn(date: $date) { id startsAt endsAt } }',
  checkIn: `mutation CheckIn(${tapArguments}) { checkIn(${tapGiven}) ${tapped} }`,
  checkOut: `mutation CheckOut(${tapArguments}) { checkOut(${tapGiven}) ${tapped} }`,
  upload: `mutation Upload($input: [VisitCheckInput!]!) {
    recordVisitChecks(input: $input) { outcome refusal { code message } } }`,
  elder: `query Elder($search: String!) { elders(search: $search, first: 1) { nodes { id status } } }`,
  facility: `query Facility($search: String!) { facilities(search: $search, first: 1) { nodes { id code } } }`,
  hours:
    'query Hours($elderId: ID!, $month: String!) { hoursOf(elderId: $elderId, month: $month) { reservedMinutes usedMinutes } }',
  sums: `query Draft($stationId: ID!, $month: String!) { canteenStatement(canteenId: $stationId, month: $month) {
    state sums { lines visits minutes hoursMinutes grossFen subsidyFen selfPaidFen } } }`,
  lines: `query Lines($stationId: ID!, $month: String!, $date: Date!) {
    statementLines(canteenId: $stationId, month: $month, from: $date, to: $date, first: 200) {
      nodes { kind visit { visitId } } } }`,
};

export interface PlanTold {
  id: string;
  state: string;
  plannedVisits: number;
  leftOutVisits: number;
  appliedVisits: number | null;
  refused?: string;
  message?: string;
}

/** What managers, relatives and caregivers ask of the public graph about home visits. */
export class VisitCalls {
  constructor(
    private readonly client: PatientClient,
    /** Waits for a server that went away, and runs the request again. */
    private readonly steadily: <T>(request: () => Promise<T>) => Promise<T>,
  ) {}

  slots(token: string, asked: { elderId: string; serviceCode: string; from: string; to: string }) {
    return this.ask<VisitOnDay[]>('slots', 'visitSlots', asked, token);
  }

  book(token: string, input: object): Promise<VisitTold> {
    return this.ask('book', 'bookVisit', { input }, token);
  }

  cancel(token: string, id: string): Promise<VisitTold> {
    return this.ask('cancel', 'cancelVisit', { id }, token);
  }

  visit(token: string, id: string): Promise<VisitTold | null> {
    return this.ask('visit', 'visit', { id }, token);
  }

  planDay(token: string, asked: { stationId: string; date: string }): Promise<PlanTold> {
    return this.ask('planDay', 'planDay', asked, token);
  }

  plan(token: string, id: string): Promise<PlanTold | null> {
    return this.ask('plan', 'plan', { id }, token);
  }

  applyPlan(token: string, id: string): Promise<PlanTold> {
    return this.ask('applyPlan', 'applyPlan', { id }, token);
  }

  ownDay(token: string, date: string): Promise<VisitOnDay[]> {
    return this.ask('ownDay', 'visitsOn', { date }, token);
  }

  tap(token: string, kind: 'IN' | 'OUT', tap: Tap): Promise<Partial<VisitTold>> {
    return kind === 'IN'
      ? this.ask('checkIn', 'checkIn', tap, token)
      : this.ask('checkOut', 'checkOut', tap, token);
  }

  upload(
    token: string,
    input: readonly (Tap & { kind: 'IN' | 'OUT' })[],
  ): Promise<{ outcome: string; refusal: { code: string } | null }[]> {
    return this.ask('upload', 'recordVisitChecks', { input }, token);
  }

  async elderByCard(token: string, uid: string): Promise<{ id: string; status: string } | undefined> {
    const found = await this.ask<{ nodes: { id: string; status: string }[] }>(
      'elder',
      'elders',
      { search: uid },
      token,
    );
    return found.nodes[0];
  }

  async facilityId(token: string, code: string): Promise<string> {
    const found = await this.ask<{ nodes: { id: string; code: string }[] }>(
      'facility',
      'facilities',
      { search: code },
      token,
    );
    const facility = found.nodes.find((node) => node.code === code);
    if (!facility) throw new Error(`There is no facility ${code}.`);
    return facility.id;
  }

  hours(token: string, elderId: string, month: string) {
    return this.ask<{ reservedMinutes: number; usedMinutes: number }>(
      'hours',
      'hoursOf',
      { elderId, month },
      token,
    );
  }

  async sums(token: string, stationId: string, month: string): Promise<StationSums> {
    const statement = await this.ask<{ sums: StationSums }>(
      'sums',
      'canteenStatement',
      { stationId, month },
      token,
    );
    return statement.sums;
  }

  async settledVisits(
    token: string,
    asked: { stationId: string; month: string; date: string },
  ): Promise<string[]> {
    const found = await this.ask<{ nodes: { visit: { visitId: string } }[] }>(
      'lines',
      'statementLines',
      asked,
      token,
    );
    return found.nodes.map(({ visit }) => visit.visitId);
  }

  private async ask<Answer>(
    text: keyof typeof texts,
    field: string,
    variables: object,
    token: string,
  ): Promise<Answer> {
    const data = await this.steadily(() =>
      this.client.ask<Record<string, Answer>>(texts[text], variables, token),
    );
    return data[field] as Answer;
  }
}
