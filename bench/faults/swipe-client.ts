import { Pool } from 'undici';

/** What a reader sends of a tap, the same each time. */
export interface SwipeInput {
  swipeId: string;
  sequence: number;
  cardUid: string;
  swipedAt: string;
  grossFen: number;
  offline: boolean;
}

/** What the server says of a tap; amounts in fen. */
export interface SwipeAnswer {
  swipeId: string;
  outcome: string;
  replayed: boolean;
  receipt: { serial: string; subsidyFen: number; selfPaidFen: number; balanceFen: number } | null;
}

/** Nobody knows whether the request was done: its sender must send it again. */
export class NotAnswered extends Error {
  /** @param reason the code of the network's, of HTTP's or of GraphQL's error */
  constructor(readonly reason: string) {
    super(`not answered: ${reason}`);
  }
}

const fields = 'swipeId outcome replayed receipt { serial subsidyFen selfPaidFen balanceFen }';
const one = `mutation Swipe($input: SwipeInput!) { recordSwipe(input: $input) { ${fields} } }`;
const many = `mutation Swipes($inputs: [SwipeInput!]!) { recordSwipes(inputs: $inputs) { ${fields} } }`;

interface Body {
  data?: {
    recordSwipe?: SwipeAnswer;
    recordSwipes?: SwipeAnswer[];
    result?: { __typename?: string; code?: string };
  } | null;
  errors?: { message: string; extensions?: { code?: string } }[];
}

/** The request that a reader makes of one tap, or of several at once. */
export function requestOf(inputs: readonly SwipeInput[]): string {
  const [input] = inputs;
  return inputs.length === 1
    ? JSON.stringify({ query: one, variables: { input } })
    : JSON.stringify({ query: many, variables: { inputs } });
}

/** The answers of a response, in the order of the request. Throws NotAnswered when there are none. */
export function answersOf(status: number, text: string): SwipeAnswer[] {
  if (status >= 500) throw new NotAnswered(`HTTP ${status}`);
  const { data, errors } = bodyOf(status, text);
  if (errors?.[0]) throw new NotAnswered(errors[0].extensions?.code ?? errors[0].message);
  const answers = data?.recordSwipes ?? [data?.recordSwipe];
  if (answers.some((answer) => !answer)) throw new NotAnswered(`HTTP ${status} without data`);
  return answers as SwipeAnswer[];
}

function bodyOf(status: number, text: string): Body {
  try {
    return JSON.parse(text) as Body;
  } catch {
    throw new NotAnswered(`HTTP ${status} that is not JSON`);
  }
}

/** Longer than any outage that is played: a request that waits this long hangs. */
const patienceMs = 20_000;

/** Sends swipes over connections that are opened anew when the server was away. */
export class SwipeClient {
  private readonly pool: Pool;
  /** Requests that have no answer yet. */
  underWay = 0;

  constructor(origin: string, connections: number) {
    this.pool = new Pool(origin, { connections, headersTimeout: patienceMs, bodyTimeout: patienceMs });
  }

  /** One answer for each input, in order. Throws NotAnswered. */
  async record(inputs: readonly SwipeInput[], token: string): Promise<SwipeAnswer[]> {
    this.underWay += 1;
    try {
      const { status, text } = await this.post(requestOf(inputs), token);
      return answersOf(status, text);
    } finally {
      this.underWay -= 1;
    }
  }

  /** The type of the answer to a mutation that is called `result`, and the code when it is a refusal. Throws NotAnswered. */
  async decide(request: string, token: string): Promise<{ __typename?: string; code?: string }> {
    this.underWay += 1;
    try {
      const { status, text } = await this.post(request, token);
      if (status >= 500) throw new NotAnswered(`HTTP ${status}`);
      const { data, errors } = bodyOf(status, text);
      if (errors?.[0]) throw new NotAnswered(errors[0].extensions?.code ?? errors[0].message);
      return data?.result ?? {};
    } finally {
      this.underWay -= 1;
    }
  }

  /** Gives up what is under way. */
  close(): Promise<void> {
    return this.pool.destroy();
  }

  private async post(body: string, token: string): Promise<{ status: number; text: string }> {
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` };
    try {
      const response = await this.pool.request({ method: 'POST', path: '/graphql', headers, body });
      return { status: response.statusCode, text: await response.body.text() };
    } catch (error) {
      const { code, message } = error as Error & { code?: string };
      throw new NotAnswered(code ?? message);
    }
  }
}
