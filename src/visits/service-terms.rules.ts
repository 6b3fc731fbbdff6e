import type { GenderRule } from '../../entities/visits/home-service.entity.js';
import { hasControls } from '../shared/control-characters.js';
import { refuseService, type ServiceRefusal } from './service-refusals.js';

/** What a visit of a service takes. */
export interface ServiceTerms {
  nameZh: string;
  nameEn: string;
  /** How long one visit lasts. */
  minutes: number;
  /** At the station before setting out. */
  preparationMinutes: number;
  /** Kept free after the visit. */
  bufferMinutes: number;
  /** Null when anyone may bring it. */
  skill: string | null;
  caregivers: number;
  /** When the second of two comes, in minutes after the first; null when both begin together. */
  pair: { secondAfterMin: number; secondAfterMax: number } | null;
  genderRule: GenderRule;
}

const isWithin = (value: number, from: number, to: number) => value >= from && value <= to;

/** The first fault, in the order of the codes; undefined when all is well. */
export function serviceFault(terms: ServiceTerms): ServiceRefusal | undefined {
  const { nameZh, nameEn, minutes, preparationMinutes, bufferMinutes, skill, caregivers } = terms;
  if (!isName(nameZh, 40)) return refuseService('NAME_INVALID', ['nameZh']);
  if (!isName(nameEn, 80)) return refuseService('NAME_INVALID', ['nameEn']);
  if (!isWithin(minutes, 1, 720)) return refuseService('MINUTES_OUT_OF_RANGE', ['minutes']);
  if (!isWithin(preparationMinutes, 0, 240)) {
    return refuseService('MINUTES_OUT_OF_RANGE', ['preparationMinutes']);
  }
  if (!isWithin(bufferMinutes, 0, 240)) return refuseService('MINUTES_OUT_OF_RANGE', ['bufferMinutes']);
  if (!isWithin(caregivers, 1, 2)) return refuseService('CAREGIVERS_OUT_OF_RANGE', ['caregivers']);
  if (!isPair(terms)) return refuseService('PAIR_INVALID', ['secondAfterMin']);
  if (skill !== null && !/^[A-Z0-9-]{1,24}$/.test(skill)) return refuseService('SKILL_INVALID', ['skill']);
  return undefined;
}

function isName(name: string, lengthMax: number): boolean {
  const length = [...name.trim()].length;
  return length >= 1 && length <= lengthMax && !hasControls(name);
}

function isPair({ pair, caregivers, minutes }: ServiceTerms): boolean {
  if (!pair) return true;
  const { secondAfterMin, secondAfterMax } = pair;
  return (
    caregivers === 2 && secondAfterMin >= 0 && secondAfterMin <= secondAfterMax && secondAfterMax < minutes
  );
}
