import type { DemoCredentials } from '../demo-credentials.js';
import type { PatientClient } from './patient-client.js';

const signInMutation = `mutation SignIn($userName: String!, $password: String!) {
  signIn(userName: $userName, password: $password) { ... on Session { accessToken } ... on SignInRefusal { message } }
}`;

/** Signs one of the demo's people in, and answers the token. */
export async function signIn(
  client: PatientClient,
  { accounts }: Pick<DemoCredentials, 'accounts'>,
  userName: string,
): Promise<string> {
  const found = accounts.find((account) => account.userName === userName);
  if (!found) throw new Error(`The demo has no ${userName}: start the server once more, which adds it.`);
  const { password } = found;
  const data = await client.ask<{ signIn: { accessToken?: string; message?: string } }>(signInMutation, {
    userName,
    password,
  });
  if (data.signIn.accessToken === undefined) throw new Error(`${userName}: ${data.signIn.message}`);
  return data.signIn.accessToken;
}
