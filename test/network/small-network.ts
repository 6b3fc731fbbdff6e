import type { Facility, FacilityKind } from '../../entities/network/facility.entity.js';
import { addFacility, type NewFacility } from '../../src/network/add-facility.js';
import { closeFacility } from '../../src/network/close-facility.js';
import type { FacilityRefusal } from '../../src/network/facility-refusals.js';
import { moveFacility } from '../../src/network/move-facility.js';
import type { Scope } from '../../src/network/scope.js';
import { isRefusal } from '../../src/shared/refusal.js';
import { openTestDatabase, type TestDatabase } from '../support/test-database.js';

export const today = '2026-11-02';
export const opened = '2026-01-01';

/** A city of its own in a database of its own; facilities are called by their codes. */
export class SmallNetwork {
  readonly ids = new Map<string, number>();

  private constructor(readonly test: TestDatabase) {}

  static async open(): Promise<SmallNetwork> {
    const network = new SmallNetwork(await openTestDatabase());
    await network.add('CITY', 'CITY_CENTER', '4113', null);
    await network.add('COUNTY', 'COUNTY_CENTER', '411302', 'CITY');
    await network.add('OTHER', 'COUNTY_CENTER', '411303', 'CITY');
    await network.add('STREET', 'STREET_CENTER', '411302001', 'COUNTY');
    await network.add('REGION', 'REGIONAL_CENTER', '411302101', 'COUNTY');
    await network.add('DAY', 'DAY_CARE_CENTER', '411302001001', 'STREET');
    await network.add('STATION', 'HOME_CARE_STATION', '411302001001', 'STREET');
    await network.add('CANTEEN', 'ELDER_CANTEEN', '411302001001', 'DAY');
    return network;
  }

  get database() {
    return this.test.database;
  }

  id(code: string): number {
    const id = this.ids.get(code);
    if (id === undefined) throw new Error(`the test has no facility ${code}`);
    return id;
  }

  async add(
    code: string,
    kind: FacilityKind,
    divisionCode: string,
    parent: string | null,
    name = code,
  ): Promise<Facility> {
    const parentId = parent === null ? null : this.id(parent);
    const result = await this.tryToAdd({ code, kind, divisionCode, parentId, name });
    if (isRefusal(result)) throw new Error(`${code}: ${result.refused}`);
    this.ids.set(code, result.id);
    return result;
  }

  tryToAdd(
    input: Omit<NewFacility, 'openedOn'> & { openedOn?: string },
    scope: Scope = 'everywhere',
  ): Promise<Facility | FacilityRefusal> {
    const facility = { openedOn: opened, ...input };
    return this.database.write((manager) => addFacility(manager, facility, scope, today));
  }

  /** What became of it: 'done' or the refusal's code. */
  async move(code: string, parent: string, on: string, scope: Scope = 'everywhere'): Promise<string> {
    const move = { facilityId: this.id(code), parentId: this.id(parent), on };
    return outcome(await this.database.write((manager) => moveFacility(manager, move, scope, today)));
  }

  async close(code: string, on: string, scope: Scope = 'everywhere'): Promise<string> {
    const input = { facilityId: this.id(code), on };
    return outcome(await this.database.write((manager) => closeFacility(manager, input, scope, today)));
  }

  /** Placements of a facility in the order of their days: parent's code, from, to. */
  async placements(code: string): Promise<[string, string, string | null][]> {
    const rows: { parentCode: string; fromDay: string; toDay: string | null }[] =
      await this.test.writer.query(
        `SELECT parent.code AS parentCode, CAST(placement.fromDay AS CHAR) AS fromDay,
                CAST(placement.toDay AS CHAR) AS toDay
           FROM facility_placement placement JOIN facility parent ON parent.id = placement.parentId
          WHERE placement.facilityId = ? ORDER BY placement.fromDay`,
        [this.id(code)],
      );
    return rows.map(({ parentCode, fromDay, toDay }) => [parentCode, fromDay, toDay]);
  }
}

export function outcome(result: Facility | FacilityRefusal): string {
  return isRefusal(result) ? result.refused : 'done';
}
