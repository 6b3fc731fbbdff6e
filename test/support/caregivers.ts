import { addService } from './hours.js';
import { openTestDatabase, type TestDatabase } from './test-database.js';
import { buildTwoCounties, type TwoCounties } from './two-counties.js';
import { addCaregiver } from './visits.js';

/** One town for all tests of a file, and a caregiver for each; the functions below set the bindings. */
export let test: TestDatabase;
export let town: TwoCounties;
export let serviceId: number;
export let caregiverId: number;

export async function startCaregivers(): Promise<void> {
  test = await openTestDatabase();
  town = await buildTwoCounties(test.database);
  serviceId = await addService(test.database);
}

export async function newCaregiver(): Promise<void> {
  caregiverId = await addCaregiver(test.database, { stationId: town.stationId });
}

type Told = { refused: string; field: readonly string[] | null } | object;
/** In a word what came of it, with the field that a refusal is about. */
export const told = (result: Told) =>
  'refused' in result ? `${result.refused} ${result.field?.join('.')}` : 'done';
