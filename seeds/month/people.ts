import type { DemoCredentials } from '../demo-credentials.js';
import type { PatientClient } from './patient-client.js';

/** Tokens of those who take a statement from the canteen to the county's books, one of them who may not. */
export interface MonthPeople {
  canteen: string;
  street: string;
  county: string;
  finance: string;
  auditor: string;
}

export type Office = keyof MonthPeople;

/** Signs the demo's people in. */
export async function demoPeople(
  client: PatientClient,
  { accounts }: Pick<DemoCredentials, 'accounts'>,
): Promise<MonthPeople> {
  const signIn = (userName: string) => {
    const found = accounts.find((account) => account.userName === userName);
    if (!found) throw new Error(`The demo has no ${userName}: start the server once more, which adds it.`);
    return signedIn(client, found);
  };
  return {
    canteen: await signIn('demo-canteen'),
    street: await signIn('demo-street'),
    county: await signIn('demo-manager'),
    finance: await signIn('demo-finance'),
    auditor: await signIn('demo-auditor'),
  };
}

const signInMutation = `mutation SignIn($userName: String!, $password: String!) {
  signIn(userName: $userName, password: $password) { ... on Session { accessToken } ... on SignInRefusal { message } }
}`;

async function signedIn(
  client: PatientClient,
  { userName, password }: { userName: string; password: string },
): Promise<string> {
  const data = await client.ask<{ signIn: { accessToken?: string; message?: string } }>(signInMutation, {
    userName,
    password,
  });
  if (data.signIn.accessToken === undefined) throw new Error(`${userName}: ${data.signIn.message}`);
  return data.signIn.accessToken;
}

const viewerQuery = 'query Viewer { viewer { id grants { role facility { id } } } }';
const grantMutation = `mutation Lend($accountId: ID!, $facilityId: ID!) {
  grantRole(accountId: $accountId, facilityId: $facilityId, role: MANAGER) {
    ... on Grant { id } ... on AccountRefusal { message }
  }
}`;
const withdrawMutation = `mutation TakeBack($grantId: ID!) { withdrawGrant(grantId: $grantId) { __typename } }`;

/** Lends somebody the management of places that it does not manage; answers how to take all of it back. */
export async function lendPlaces(
  client: PatientClient,
  adminToken: string,
  { token, facilityIds }: { token: string; facilityIds: readonly string[] },
): Promise<() => Promise<void>> {
  const { viewer } = await client.ask<{
    viewer: { id: string; grants: { role: string; facility: { id: string } | null }[] };
  }>(viewerQuery, {}, token);
  const held = new Set(
    viewer.grants.filter(({ role }) => role === 'MANAGER').map(({ facility }) => facility?.id),
  );
  const lent: string[] = [];
  const takeBack = async () => {
    for (const grantId of lent.splice(0)) await client.ask(withdrawMutation, { grantId }, adminToken);
  };
  try {
    for (const facilityId of new Set(facilityIds)) {
      if (held.has(facilityId)) continue;
      const asked = { accountId: viewer.id, facilityId };
      const { grantRole } = await client.ask<{ grantRole: { id?: string; message?: string } }>(
        grantMutation,
        asked,
        adminToken,
      );
      if (grantRole.id === undefined) throw new Error(`The place ${facilityId}: ${grantRole.message}`);
      lent.push(grantRole.id);
    }
  } catch (error) {
    await takeBack();
    throw error;
  }
  return takeBack;
}
