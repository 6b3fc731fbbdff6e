import type { Database } from '../../src/shared/database.js';
import type { PatientClient } from '../day/patient-client.js';
import { type HomeReconciled, reconcileHome } from './homes.js';
import type { MonthPeople } from './people.js';
import { type Reconciled, reconcileStatement } from './reconcile.js';
import { reconcileStation, type StationReconciled } from './stations.js';
import { type StatementKey, type Tried, walkStatement } from './walk-statement.js';

export interface MonthGame {
  client: PatientClient;
  people: MonthPeople;
  database: Database;
  statements: readonly StatementKey[];
  onProgress(done: number): void;
}

export interface PlayedMonth {
  tried: Tried[];
  reconciled: (Reconciled & StatementKey)[];
}

/** Closes a month canteen by canteen through the public API, and then holds every way to its money side by side. */
export async function playMonth({
  client,
  people,
  database,
  statements,
  onProgress,
}: MonthGame): Promise<PlayedMonth> {
  const played: PlayedMonth = { tried: [], reconciled: [] };
  for (const [index, key] of statements.entries()) {
    played.tried.push(...(await walkStatement(client, people, key)));
    const reconciled = await database.read((manager) =>
      reconcileStatement(key, { client, financeToken: people.finance, manager }),
    );
    played.reconciled.push({ ...reconciled, ...key });
    onProgress(index + 1);
  }
  return played;
}

export interface PlayedStations {
  tried: Tried[];
  reconciled: StationReconciled[];
}

/** The same of home-care stations, whose ledger is that of hours. */
export async function playStations({
  client,
  people,
  database,
  statements,
  onProgress,
}: MonthGame): Promise<PlayedStations> {
  const played: PlayedStations = { tried: [], reconciled: [] };
  for (const [index, key] of statements.entries()) {
    played.tried.push(...(await walkStatement(client, people, key)));
    const options = { client, financeToken: people.finance };
    played.reconciled.push(await database.read((manager) => reconcileStation(key, { ...options, manager })));
    onProgress(index + 1);
  }
  return played;
}

export interface PlayedHomes {
  tried: Tried[];
  reconciled: HomeReconciled[];
}

/** The same of homes, whose lines follow from stays. */
export async function playHomes({
  client,
  people,
  database,
  statements,
  onProgress,
}: MonthGame): Promise<PlayedHomes> {
  const played: PlayedHomes = { tried: [], reconciled: [] };
  for (const [index, key] of statements.entries()) {
    played.tried.push(...(await walkStatement(client, people, key)));
    const options = { client, financeToken: people.finance, managerToken: people.county };
    played.reconciled.push(await database.read((manager) => reconcileHome(key, { ...options, manager })));
    onProgress(index + 1);
  }
  return played;
}

/** Steps that were not answered as they should have been. */
export function wrongAnswers(tried: readonly Tried[]): Tried[] {
  return tried.filter(({ said, expected }) => said !== expected);
}
