import type { FamilyRight } from '../../entities/access/access-grant.entity.js';
import type { Message, SendsMessages } from '../../src/access/messages.js';
import type { SessionAnswer } from './staff.js';
import type { TestServer } from './test-server.js';
import { addDiner, type Town } from './town.js';

/** Keeps what would have been sent. */
export class KeptMessages implements SendsMessages {
  readonly sent: Message[] = [];

  send(message: Message): void {
    this.sent.push(message);
  }

  async deliver(message: Message): Promise<'TAKEN'> {
    this.sent.push(message);
    return 'TAKEN';
  }

  settledWithin(): Promise<void> {
    return Promise.resolve();
  }

  /** The code that was sent to a phone last; undefined when none was. */
  codeOf(phone: string): string | undefined {
    const last = this.sent.filter((message) => message.phone === phone).at(-1);
    return /\d{6}/.exec(last?.text ?? '')?.[0];
  }
}

/** Lets the server keep its messages instead of sending them, and answer as fast as it can. */
export function keepMessages({ services }: TestServer): KeptMessages {
  const kept = new KeptMessages();
  services.families.messages = kept;
  services.families.answerMsMin = 0;
  return kept;
}

let phones = 0;

/** A phone that no other call of this process was given. */
export function newPhone(): string {
  phones += 1;
  return `139${String(phones).padStart(8, '0')}`;
}

export const inAYear = new Date(Date.now() + 365 * 86_400_000);

export interface LetIn {
  elderId: number;
  phone?: string;
  name?: string;
  rights?: readonly FamilyRight[];
  until?: Date;
  how?: string;
  consentVersion?: string;
  mayLetIn?: boolean;
}

export interface RelativeAnswer {
  __typename: string;
  id: string;
  name: string;
  phone: string;
  rights: FamilyRight[];
  mayLetIn: boolean;
  until: string;
  consents: {
    event: string;
    giver: string;
    how: string;
    rights: FamilyRight[];
    text: { version: string } | null;
  }[];
  code?: string;
  field?: string[];
}

const relative = `__typename
  ... on Relative { id name phone rights mayLetIn until consents { event giver how rights text { version } } }
  ... on RelativeRefusal { code message field }`;

export async function letIn(server: TestServer, token: string, wanted: LetIn): Promise<RelativeAnswer> {
  const defaults = {
    phone: newPhone(),
    name: '王芳',
    rights: [],
    how: 'IN_PERSON',
    consentVersion: '2026-1',
  };
  const input = { ...defaults, until: inAYear, ...wanted };
  const { body } = await server.post<{ letRelativeIn: RelativeAnswer }>(
    `mutation ($input: LetRelativeInInput!) { letRelativeIn(input: $input) { ${relative} } }`,
    { input: { ...input, elderId: String(input.elderId), until: input.until.toISOString() } },
    token,
  );
  if (!body.data) throw new Error(JSON.stringify(body.errors));
  return body.data.letRelativeIn;
}

export async function changeRights(
  server: TestServer,
  token: string,
  change: { grantId: string; rights: readonly FamilyRight[]; until?: Date },
): Promise<RelativeAnswer> {
  const { body } = await server.post<{ changeRelativeRights: RelativeAnswer }>(
    `mutation ($g: ID!, $r: [FamilyRight!]!, $u: DateTime!) {
       changeRelativeRights(grantId: $g, rights: $r, until: $u, how: SIGNED_PAPER, consentVersion: "2026-1") { ${relative} } }`,
    { g: change.grantId, r: change.rights, u: (change.until ?? inAYear).toISOString() },
    token,
  );
  return body.data.changeRelativeRights;
}

export async function withdraw(server: TestServer, token: string, grantId: string): Promise<RelativeAnswer> {
  const { body } = await server.post<{ withdrawRelative: RelativeAnswer }>(
    `mutation ($g: ID!) { withdrawRelative(grantId: $g, how: IN_PERSON) { ${relative} } }`,
    { g: grantId },
    token,
  );
  return body.data.withdrawRelative;
}

/** The whole answer, to be compared with another one. */
export function requestCode(server: TestServer, phone: string, headers: Record<string, string> = {}) {
  return server.post<{ requestSignInCode: { __typename: string; minutes?: number; code?: string } }>(
    `mutation ($p: String!) { requestSignInCode(phone: $p) {
       __typename ... on SignInCodeRequested { minutes } ... on SignInRefusal { code message field } } }`,
    { p: phone },
    undefined,
    headers,
  );
}

export async function signInByCode(
  server: TestServer,
  phone: string,
  code: string,
  headers: Record<string, string> = {},
): Promise<SessionAnswer> {
  const { body } = await server.post<{ signInByCode: SessionAnswer }>(
    `mutation ($p: String!, $c: String!) { signInByCode(phone: $p, code: $c) {
       __typename ... on Session { accessToken refreshToken expiresAt passwordTemporary totpMissing }
       ... on SignInRefusal { code message field } } }`,
    { p: phone, c: code },
    undefined,
    headers,
  );
  return body.data.signInByCode;
}

/** The access token of a relative who was let in and has signed in. */
export async function familyToken(server: TestServer, kept: KeptMessages, phone: string): Promise<string> {
  await requestCode(server, phone);
  const { accessToken, code } = await signInByCode(server, phone, kept.codeOf(phone) ?? '');
  if (!accessToken) throw new Error(`not signed in: ${code}`);
  return accessToken;
}

export interface Person {
  grantId: string;
  phone: string;
  token: string;
  elderId: number;
}

/** Where relatives are let in, and by whose token when nobody else is named. */
export interface Families {
  server: TestServer;
  town: Town;
  kept: KeptMessages;
  staff: string;
}

/** Somebody who was let in by the elder, to an elder of its own unless one is named, and has signed in. */
export async function addRelative(
  { server, town, kept, staff }: Families,
  rights: readonly FamilyRight[] = [],
  { by = staff, ...wanted }: Partial<LetIn> & { by?: string } = {},
): Promise<Person> {
  const phone = newPhone();
  const elderId = wanted.elderId ?? (await addDiner(town)).elderId;
  const answer = await letIn(server, by, { ...wanted, elderId, phone, rights });
  if (answer.__typename !== 'Relative') throw new Error(answer.code);
  return { grantId: answer.id, phone, elderId, token: await familyToken(server, kept, phone) };
}

/** The relatives of an elder, as the holder of the token sees them. */
export async function relativesSeen(
  server: TestServer,
  token: string,
  elderId: number,
  ended = false,
): Promise<RelativeAnswer[]> {
  const { body } = await server.post<{ elder: { relatives: RelativeAnswer[] } }>(
    `query ($e: ID!, $x: Boolean!) { elder(id: $e) { relatives(ended: $x) {
       id name phone rights mayLetIn until consents { event giver how rights text { version zh } } } } }`,
    { e: elderId, x: ended },
    token,
  );
  return body.data.elder.relatives;
}
