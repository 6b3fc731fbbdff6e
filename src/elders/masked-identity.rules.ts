import { maskedResidentId } from './resident-id.rules.js';
import type { Identity } from './sealed-fields.js';

/** The stars of an ID number that is there no more. */
const nothingShown = '*'.repeat(18);

/** The first three and last two of a phone number: 138******78. */
export function maskedPhone(phone: string): string {
  return phone.slice(0, 3) + '*'.repeat(Math.max(0, phone.length - 5)) + phone.slice(-2);
}

/** The first six characters of an address, which name the province and the city; of how many follow nothing. */
export function maskedAddress(address: string): string {
  const characters = [...address];
  return characters.length <= 6 ? '****' : `${characters.slice(0, 6).join('')}****`;
}

/** An identity as it is shown to whoever may not see it. */
export function maskedIdentity({ idNumber, phone, address }: Identity): Identity & { idNumber: string } {
  return {
    idNumber: idNumber === null ? nothingShown : maskedResidentId(idNumber),
    phone: phone === null ? null : maskedPhone(phone),
    address: address === null ? null : maskedAddress(address),
  };
}
