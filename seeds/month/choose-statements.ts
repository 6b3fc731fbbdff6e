import { addDays, type Day } from '../../src/shared/china-time.js';
import { firstDayOf, type Month, monthOf, nextMonth } from '../../src/shared/month.js';
import type { PatientClient } from '../day/patient-client.js';

/** A canteen whose month can be closed, and the centre of the street above it. */
export interface ChosenCanteen {
  canteenId: string;
  streetId: string;
}

interface Listed {
  canteen: { id: string; code: string; ancestors: { id: string; kind: string }[] };
  sums: { lines: number };
}

/** Last month, this one and the ones that days were played in after it. */
const monthsLookedAt = 14;

const listQuery = `query Drafts($month: String!, $within: ID!) {
  statements(month: $month, within: $within, state: DRAFT, first: 200) {
    nodes { canteen { id code ancestors { id kind } } sums { lines } }
  }
}`;

/**
 * The first month in which canteens of a county have meals that are not submitted, from last month on, and the first
 * `count` of these canteens that stand beneath a street. The demonstration canteen is left out: whoever tries the
 * platform by hand swipes there today, and would find the month frozen.
 */
export async function chooseStatements(
  client: PatientClient,
  token: string,
  options: { countyId: string; leftOut: string; count: number; today: Day },
): Promise<{ month: Month; canteens: ChosenCanteen[] } | undefined> {
  const { countyId, leftOut, count, today } = options;
  let month = monthOf(addDays(firstDayOf(monthOf(today)), -1));
  for (let looked = 0; looked < monthsLookedAt; looked += 1) {
    const data = await client.ask<{ statements: { nodes: Listed[] } }>(
      listQuery,
      { month, within: countyId },
      token,
    );
    const canteens = data.statements.nodes.flatMap(({ canteen, sums }) => {
      const street = canteen.ancestors.find(
        ({ kind }) => kind === 'STREET_CENTER' || kind === 'REGIONAL_CENTER',
      );
      const isWanted = sums.lines > 0 && canteen.code !== leftOut && street !== undefined;
      return isWanted ? [{ canteenId: canteen.id, streetId: street.id }] : [];
    });
    if (canteens.length > 0) return { month, canteens: canteens.slice(0, count) };
    month = nextMonth(month);
  }
  return undefined;
}

const countyQuery = 'query Counties { facilities(kind: COUNTY_CENTER, first: 200) { nodes { id code } } }';

export async function facilityIdOf(client: PatientClient, token: string, code: string): Promise<string> {
  type Data = { facilities: { nodes: { id: string; code: string }[] } };
  const { facilities } = await client.ask<Data>(countyQuery, {}, token);
  const found = facilities.nodes.find((facility) => facility.code === code);
  if (!found) throw new Error(`There is no county ${code}.`);
  return found.id;
}
