import { GraphRefused } from '../day/graph-client.js';
import type { PatientClient } from '../day/patient-client.js';
import type { MonthPeople, Office } from './people.js';

export interface StatementKey {
  canteenId: string;
  month: string;
}

/** One step that somebody tried: what was said, and whether the platform should have said so. */
export interface Tried {
  who: Office;
  what: string;
  said: string;
  expected: string;
}

const refusalFields = '... on StatementRefusal { code } ... on CanteenStatement { state }';

interface Answer {
  state?: string;
  code?: string;
}

/**
 * Takes a canteen's, a station's or a home's statement from its draft to the county's books as the people of the table in
 * docs/month-statement.md do, with a dispute that is upheld and one that is rejected where there are lines enough,
 * and lets those try who may not, at each point where they could do harm.
 */
export async function walkStatement(
  client: PatientClient,
  people: MonthPeople,
  key: StatementKey,
): Promise<Tried[]> {
  const walk = new Walk(client, people, key);
  await walk.step('street', 'submitStatement', 'NOT_ENTITLED');
  await walk.step('canteen', 'submitStatement', 'SUBMITTED');
  await walk.step('canteen', 'submitStatement', 'WRONG_STATE');
  await dispute(walk);
  await walk.step('canteen', 'reviewStatement', 'NOT_ENTITLED');
  await walk.step('street', 'reviewStatement', 'REVIEWED');
  await walk.step('auditor', 'signStatement', 'FORBIDDEN');
  await walk.step('street', 'signStatement', 'NOT_ENTITLED');
  await walk.step('finance', 'payStatement', 'WRONG_STATE', ', note: "P-0"');
  await walk.step('county', 'signStatement', 'SIGNED');
  await walk.step('county', 'payStatement', 'NOT_ENTITLED', ', note: "P-1"');
  await walk.step('finance', 'payStatement', 'PAID', `, note: "P-${key.month}-${key.canteenId}"`);
  await walk.step('finance', 'freezeStatement', 'SAME_PERSON');
  await walk.step('county', 'freezeStatement', 'FROZEN');
  await tryFrozen(walk);
  return walk.tried;
}

async function dispute(walk: Walk): Promise<void> {
  const [first, second] = await walk.subsidisedLines();
  if (first === undefined) return;
  await walk.call(
    'street',
    `disputeLine(${walk.key}, lineId: "${first.id}", reason: "当日未见此人")`,
    'SUBMITTED',
  );
  await walk.step('street', 'reviewStatement', 'DISPUTES_OPEN');
  if (second !== undefined) {
    const doubt = `disputeLine(${walk.key}, lineId: "${second.id}", reason: "签名不符")`;
    await walk.call('street', doubt, 'SUBMITTED');
  }
  const disputes = await walk.openDisputes();
  for (const [index, id] of disputes.entries()) {
    const decision = index === 0 ? 'UPHELD' : 'REJECTED';
    const decide = `decideDispute(disputeId: "${id}", decision: ${decision}, reason: "已核对照片")`;
    if (index === 0) await walk.call('street', decide, 'OUT_OF_TURN');
    await walk.call('street', `answerDispute(disputeId: "${id}", answer: "代答")`, 'NOT_ENTITLED');
    await walk.call('canteen', `answerDispute(disputeId: "${id}", answer: "有就餐照片")`, 'SUBMITTED');
    await walk.call('street', decide, 'SUBMITTED');
  }
}

/** Whatever anybody wants of a frozen month. */
async function tryFrozen(walk: Walk): Promise<void> {
  await walk.step('county', 'sendBackStatement', 'FROZEN', ', note: "再看一次"');
  await walk.step('canteen', 'submitStatement', 'FROZEN');
  // The first was charged to the canteen; any other meal would still be a meal to take back.
  const last = (await walk.subsidisedLines()).at(-1);
  if (last === undefined) return;
  await walk.call('street', `disputeLine(${walk.key}, lineId: "${last.id}", reason: "太晚")`, 'FROZEN');
  if (last.swipeId !== null) await walk.takeBack(last.swipeId, 'MONTH_CLOSED');
}

interface Line {
  id: string;
  kind: string;
  /** Null of a visit and of a stay. */
  swipeId: string | null;
  subsidyFen: number;
}

class Walk {
  readonly tried: Tried[] = [];
  readonly key: string;

  constructor(
    private readonly client: PatientClient,
    private readonly people: MonthPeople,
    { canteenId, month }: StatementKey,
  ) {
    this.key = `canteenId: "${canteenId}", month: "${month}"`;
  }

  step(who: Office, mutation: string, expected: string, more = ''): Promise<void> {
    return this.call(who, `${mutation}(${this.key}${more})`, expected);
  }

  async call(who: Office, mutation: string, expected: string): Promise<void> {
    await this.try(who, `mutation { said: ${mutation} { ${refusalFields} } }`, mutation, expected);
  }

  async takeBack(swipeId: string, expected: string): Promise<void> {
    const mutation = `voidSwipe(swipeId: "${swipeId}", reason: "封账后撤销")`;
    const query = `mutation { said: ${mutation} { ... on VoidRefusal { code } } }`;
    await this.try('canteen', query, mutation, expected);
  }

  /** The first meals, visits or stays of the month that cost a funder money. */
  async subsidisedLines(): Promise<Line[]> {
    const lines = await this.lines<Line>('', 'id kind swipeId subsidyFen');
    return lines
      .filter(({ kind, subsidyFen }) => ['SWIPE', 'USE', 'STAY'].includes(kind) && subsidyFen > 0)
      .slice(0, 3);
  }

  async openDisputes(): Promise<string[]> {
    const lines = await this.lines<{ dispute: { id: string } }>(', disputed: OPEN', 'dispute { id }');
    return lines.map(({ dispute: { id } }) => id);
  }

  private async lines<Node>(filter: string, fields: string): Promise<Node[]> {
    const query = `{ statementLines(${this.key}${filter}, first: 50) { nodes { ${fields} } } }`;
    const data = await this.client.ask<{ statementLines: { nodes: Node[] } }>(query, {}, this.people.street);
    return data.statementLines.nodes;
  }

  private async try(who: Office, query: string, mutation: string, expected: string): Promise<void> {
    const said = await this.answerTo(query, this.people[who]);
    this.tried.push({ who, what: mutation.slice(0, mutation.indexOf('(')), said, expected });
  }

  private async answerTo(query: string, token: string): Promise<string> {
    try {
      const { said } = await this.client.ask<{ said: Answer }>(query, {}, token);
      return said.code ?? said.state ?? 'DONE';
    } catch (error) {
      if (error instanceof GraphRefused) return error.code;
      throw error;
    }
  }
}
