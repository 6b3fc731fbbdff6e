import { setTimeout as sleep } from 'node:timers/promises';
import { type GraphClient, GraphRefused } from './graph-client.js';

/** How long a caller that asked too often waits before it asks again. */
const patienceMs = 250;

/** Asks as one person after the other does, and asks again later where the server says that it was too often. */
export class PatientClient {
  constructor(private readonly client: GraphClient) {}

  ask<Data>(query: string, variables: object, token?: string): Promise<Data> {
    return patiently(() => this.client.ask<Data>(query, variables, token));
  }

  download(path: string, token: string): Promise<Buffer> {
    return patiently(() => this.client.download(path, token));
  }
}

async function patiently<Result>(request: () => Promise<Result>): Promise<Result> {
  for (;;) {
    try {
      return await request();
    } catch (error) {
      if (!(error instanceof GraphRefused) || !['RATE_LIMITED', '429'].includes(error.code)) throw error;
      await sleep(patienceMs);
    }
  }
}
