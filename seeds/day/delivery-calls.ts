import type { ComeBackReason, DeliveryState } from '../../entities/meals/delivery-order.entity.js';
import type { Receipt } from './demo-reader.js';
import type { PatientClient } from './patient-client.js';

/** A delivery as the graph shows it, or why nothing was done. */
export interface Told {
  id: string;
  state: DeliveryState;
  swipeId: string | null;
  /** Of a refusal. */
  refused?: string;
  message?: string;
}

export interface Ordered {
  nodes?: { id: string; code: string; grossFen: number }[];
  refused?: string;
  message?: string;
}

export interface Proof {
  code?: string;
  photoReference?: string;
}

const refusal = '... on DeliveryRefusal { refused: code message }';
const one = `{ ... on DeliveryOrder { id state swipeId } ${refusal} }`;
const several = `{ ... on DeliveryOrders { nodes { id state } } ${refusal} }`;

const texts = {
  order: `mutation Order($input: OrderDeliveryInput!) {
    orderDelivery(input: $input) { ... on DeliveryOrders { nodes { id code grossFen } } ${refusal} } }`,
  cancel: `mutation CallOff($id: ID!) { cancelDelivery(deliveryId: $id) ${one} }`,
  assign: `mutation Assign($ids: [ID!]!, $courierId: ID!) {
    assignDeliveries(deliveryIds: $ids, courierId: $courierId) ${several} }`,
  start: `mutation Start($ids: [ID!]!) { startDeliveries(deliveryIds: $ids) ${several} }`,
  handOver: `mutation HandOver($requestId: ID!, $id: ID!, $code: String, $photo: String) {
    handOverDelivery(requestId: $requestId, deliveryId: $id, code: $code, photoReference: $photo) ${one} }`,
  bringBack: `mutation BringBack($requestId: ID!, $id: ID!, $reason: ComeBackReason!, $text: String) {
    bringBackDelivery(requestId: $requestId, deliveryId: $id, reason: $reason, text: $text) ${one} }`,
  run: 'query Run { myDeliveryRun(meal: LUNCH) { stops { deliveryId place } } }',
  listed: `query Listed($canteenId: ID!, $date: Date!) {
    deliveriesOn(canteenId: $canteenId, date: $date, meal: LUNCH, first: 200) { nodes { id state swipeId } } }`,
  elder: `query Elder($search: String!) {
    elders(search: $search, first: 1) { nodes { id status card { uid status balanceFen } } } }`,
  receipt: `query Receipt($swipeId: ID!) {
    swipe(swipeId: $swipeId) { outcome receipt { serial grossFen subsidyFen discountFen selfPaidFen } } }`,
  viewer: 'query Who { viewer { id grants { elder { id } } } }',
  consent: 'query Consent { consentText { version } }',
  letIn: `mutation LetIn($input: LetRelativeInInput!) {
    letRelativeIn(input: $input) { ... on Relative { id } ... on RelativeRefusal { refused: code message } } }`,
  withdraw: `mutation Withdraw($grantId: ID!) {
    withdrawRelative(grantId: $grantId, how: IN_PERSON) { ... on RelativeRefusal { refused: code message } } }`,
};

export interface FoundElder {
  id: string;
  status: string;
  card: { uid: string; status: string; balanceFen: number } | null;
}

/** Every operation that has to do with meals that are brought, each run again after an outage: all are safe to send twice. */
export class DeliveryCalls {
  constructor(
    private readonly client: PatientClient,
    private readonly untilAnswered: <T>(request: () => Promise<T>) => Promise<T>,
  ) {}

  order(token: string, input: object): Promise<Ordered> {
    return this.ask('order', 'orderDelivery', { input }, token);
  }

  cancel(token: string, id: string): Promise<Told> {
    return this.ask('cancel', 'cancelDelivery', { id }, token);
  }

  assign(token: string, ids: readonly string[], courierId: string): Promise<Ordered> {
    return this.ask('assign', 'assignDeliveries', { ids, courierId }, token);
  }

  start(token: string, ids: readonly string[]): Promise<Ordered> {
    return this.ask('start', 'startDeliveries', { ids }, token);
  }

  handOver(token: string, requestId: string, id: string, proof: Proof): Promise<Told> {
    const { code = null, photoReference: photo = null } = proof;
    return this.ask('handOver', 'handOverDelivery', { requestId, id, code, photo }, token);
  }

  bringBack(
    token: string,
    requestId: string,
    id: string,
    why: { reason: ComeBackReason; text: string | null },
  ): Promise<Told> {
    return this.ask('bringBack', 'bringBackDelivery', { requestId, id, ...why }, token);
  }

  /** The ids of what the courier is to bring today, in walking order. */
  async run(token: string): Promise<string[]> {
    const { stops } = await this.ask<{ stops: { deliveryId: string }[] }>('run', 'myDeliveryRun', {}, token);
    return stops.map(({ deliveryId }) => deliveryId);
  }

  async listed(token: string, canteenId: string, date: string): Promise<Told[]> {
    const asked = { canteenId, date };
    return (await this.ask<{ nodes: Told[] }>('listed', 'deliveriesOn', asked, token)).nodes;
  }

  async elderByCard(token: string, uid: string): Promise<FoundElder | undefined> {
    const found = await this.ask<{ nodes: FoundElder[] }>('elder', 'elders', { search: uid }, token);
    return found.nodes[0];
  }

  receiptOf(token: string, swipeId: string): Promise<{ outcome: string; receipt: Receipt | null } | null> {
    return this.ask('receipt', 'swipe', { swipeId }, token);
  }

  viewer(token: string): Promise<{ id: string; grants: { elder: { id: string } | null }[] }> {
    return this.ask('viewer', 'viewer', {}, token);
  }

  /** Has an elder let a relative in to order for it, as the desk records it; answers the relative. */
  async letIn(token: string, given: { elderId: string; phone: string; until: string }): Promise<string> {
    const { version: consentVersion } = await this.ask<{ version: string }>(
      'consent',
      'consentText',
      {},
      token,
    );
    const consent = { how: 'IN_PERSON', consentVersion, rights: ['BOOKING'], name: '演示家属' };
    const input = { ...given, ...consent };
    const told = await this.ask<{ id?: string; message?: string }>(
      'letIn',
      'letRelativeIn',
      { input },
      token,
    );
    if (told.id === undefined) throw new Error(`The relative was not let in: ${told.message}`);
    return told.id;
  }

  async withdraw(token: string, grantId: string): Promise<void> {
    const told = await this.ask<{ message?: string }>('withdraw', 'withdrawRelative', { grantId }, token);
    if (told.message !== undefined) throw new Error(`The consent was not taken back: ${told.message}`);
  }

  private async ask<Answer>(
    text: keyof typeof texts,
    field: string,
    variables: object,
    token: string,
  ): Promise<Answer> {
    const data = await this.untilAnswered(() =>
      this.client.ask<Record<string, Answer>>(texts[text], variables, token),
    );
    return data[field] as Answer;
  }
}
