import type { ElderCategory } from '../../entities/elders/elder-category-membership.entity.js';
import type { Day } from '../shared/china-time.js';
import { type ElderRefusal, refuseElder } from './elder-refusals.js';
import { birthDateOf, isResidentId, normalizedResidentId } from './resident-id.rules.js';

/** What somebody at the counter tells about an elder. */
export interface Registration {
  name: string;
  idNumber: string;
  homeStationId: number | null;
  categories: readonly ElderCategory[];
  /** Codes of the city's own. */
  cityCategories?: readonly string[];
  abilityLevel: number | null;
  abilityExpiresOn: Day | null;
  phone?: string | null;
  address?: string | null;
}

/** A registration in the form in which it is stored. */
export type NormalizedRegistration = Required<Registration>;

/** The most characters that a name may have. */
const nameLengthMax = 60;

/** The most characters that an address may have. */
const addressLengthMax = 200;

/** The registration as it is stored: no spaces around, X in upper case, each category once, an empty text null. */
export function normalizedRegistration(input: Registration): NormalizedRegistration {
  return {
    ...input,
    name: input.name.trim(),
    idNumber: normalizedResidentId(input.idNumber),
    categories: [...new Set(input.categories)],
    cityCategories: [...new Set(input.cityCategories)],
    phone: normalizedPhone(input.phone ?? '') || null,
    address: input.address?.trim() || null,
  };
}

/** What is wrong with a normalised registration in itself, the first by precedence; undefined when nothing. */
export function registrationFault(input: NormalizedRegistration, today: Day): ElderRefusal | undefined {
  const { abilityLevel, abilityExpiresOn, ...person } = input;
  const nameFault = personFault({ name: person.name });
  if (nameFault) return nameFault;
  if (!isResidentId(input.idNumber) || birthDateOf(input.idNumber) > today) {
    return refuseElder('ID_NUMBER_INVALID', ['input', 'idNumber']);
  }
  const fault = personFault(person);
  if (fault) return fault;
  if (abilityLevel !== null && !isAbilityLevel(abilityLevel)) {
    return refuseElder('ABILITY_LEVEL_OUT_OF_RANGE', ['input', 'abilityLevel']);
  }
  if ((abilityLevel === null) !== (abilityExpiresOn === null)) {
    const missing = abilityLevel === null ? 'abilityLevel' : 'abilityExpiresOn';
    return refuseElder('ABILITY_INCOMPLETE', ['input', missing]);
  }
  return undefined;
}

/** What is wrong with what is said of a person, the first by precedence; what is not said is as it was. */
export function personFault({
  name,
  phone,
  address,
}: Partial<Pick<NormalizedRegistration, 'name' | 'phone' | 'address'>>): ElderRefusal | undefined {
  if (name !== undefined && !isName(name)) return refuseElder('NAME_INVALID', ['input', 'name']);
  if (typeof phone === 'string' && !isPhone(phone)) return refuseElder('PHONE_INVALID', ['input', 'phone']);
  if (typeof address === 'string' && !isLine(address, addressLengthMax)) {
    return refuseElder('ADDRESS_INVALID', ['input', 'address']);
  }
  return undefined;
}

/** True for 1 to 60 characters of any script, none of them a control character or half of one. */
export function isName(text: string): boolean {
  return isLine(text, nameLengthMax);
}

function isLine(text: string, lengthMax: number): boolean {
  const { length } = [...text];
  return length >= 1 && length <= lengthMax && !/[\p{Cc}\p{Cs}\p{Zl}\p{Zp}]/u.test(text);
}

/** A number as it is stored: without spaces and hyphens. */
export function normalizedPhone(text: string): string {
  return text.replace(/[\s-]/g, '');
}

/** A mobile number, or one of a landline with its area code; with or without the plus of a country code. */
export function isPhone(text: string): boolean {
  return /^\+?\d{7,15}$/.test(text);
}

function isAbilityLevel(level: number): boolean {
  return Number.isInteger(level) && level >= 0 && level <= 4;
}
