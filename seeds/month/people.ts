import type { PatientClient } from '../day/patient-client.js';
import { signIn } from '../day/sign-in.js';
import type { DemoCredentials } from '../demo-credentials.js';

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
  credentials: Pick<DemoCredentials, 'accounts'>,
): Promise<MonthPeople> {
  const tokenOf = (userName: string) => signIn(client, credentials, userName);
  return {
    canteen: await tokenOf('demo-canteen'),
    street: await tokenOf('demo-street'),
    county: await tokenOf('demo-manager'),
    finance: await tokenOf('demo-finance'),
    auditor: await tokenOf('demo-auditor'),
  };
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
