import type { DemoCredentials } from '../demo-credentials.js';
import type { PatientClient } from './patient-client.js';
import { signIn } from './sign-in.js';

/** Tokens of those who order meals, give them out and bring them. */
export interface DeliveryPeople {
  /** Manages the elders' county, and so orders for them. */
  manager: string;
  /** A relative, who orders for one elder. */
  family: string;
  familyPhone: string;
  /** Manages the canteen, and gives meals to its courier. */
  canteen: string;
  courier: string;
}

/** Signs the demo's people in. */
export async function deliveryPeople(
  client: PatientClient,
  credentials: Pick<DemoCredentials, 'accounts'>,
): Promise<DeliveryPeople> {
  const tokenOf = (userName: string) => signIn(client, credentials, userName);
  return {
    manager: await tokenOf('demo-manager'),
    family: await tokenOf('demo-family'),
    familyPhone: credentials.accounts.find(({ userName }) => userName === 'demo-family')?.phone ?? '',
    canteen: await tokenOf('demo-canteen'),
    courier: await tokenOf('demo-courier'),
  };
}
