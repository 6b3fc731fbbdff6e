import type { VisitCareTerms } from '../../entities/visits/visit-care-terms.entity.js';

/** On which terms a visit is carried out; what each is, the table of the same name says. */
export type CareTerms = Omit<
  VisitCareTerms,
  'facilityId' | 'facility' | 'fromDay' | 'setAt' | 'setById' | 'setBy'
>;
export type CareTermName = keyof CareTerms;
export type CareNumberName = Exclude<CareTermName, 'isFarRefused'>;

/** What counts where nobody has set anything: assumptions of ours that every city will want to look at. */
export const careTermsDefaults: CareTerms = {
  nearMetres: 100,
  farMetres: 500,
  isFarRefused: true,
  opensMinutes: 30,
  closesMinutes: 240,
  minutesShareMin: 80,
  clockDriftSeconds: 300,
  offlineHoursMax: 48,
  stationAfterMinutes: 20,
  streetAfterMinutes: 60,
  payFrom: 80,
  lookFrom: 40,
};

/** Within which each number may be set. */
export const careTermsRanges: Readonly<Record<CareNumberName, readonly [min: number, max: number]>> = {
  nearMetres: [10, 5000],
  farMetres: [10, 50_000],
  opensMinutes: [0, 240],
  closesMinutes: [0, 1440],
  minutesShareMin: [0, 100],
  clockDriftSeconds: [10, 3600],
  offlineHoursMax: [1, 336],
  stationAfterMinutes: [0, 720],
  streetAfterMinutes: [0, 1440],
  payFrom: [0, 100],
  lookFrom: [0, 100],
};

/** The first term that is out of its range, or past the one that it may not be past; undefined when all are well. */
export function careTermAtFault(terms: CareTerms): CareNumberName | undefined {
  for (const [name, [min, max]] of Object.entries(careTermsRanges) as [CareNumberName, [number, number]][]) {
    if (terms[name] < min || terms[name] > max) return name;
  }
  if (terms.nearMetres > terms.farMetres) return 'farMetres';
  if (terms.stationAfterMinutes > terms.streetAfterMinutes) return 'streetAfterMinutes';
  if (terms.lookFrom > terms.payFrom) return 'payFrom';
  return undefined;
}
