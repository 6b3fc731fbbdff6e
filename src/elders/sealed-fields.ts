import type { Elder } from '../../entities/elders/elder.entity.js';
import type { FieldCipher } from '../shared/field-cipher.js';
import type { SealedTable } from '../shared/rotate-keys.js';

/** What identifies a person, and is encrypted in the database. */
export interface Identity {
  idNumber: string | null;
  phone: string | null;
  address: string | null;
}
export type IdentityField = keyof Identity;

/** The columns of `elder` that hold them. */
export type SealedIdentity = Pick<Elder, 'idNumberSealed' | 'phoneSealed' | 'addressSealed'>;
export type SealedColumn = keyof SealedIdentity;

export const sealedColumns = {
  idNumber: 'idNumberSealed',
  phone: 'phoneSealed',
  address: 'addressSealed',
} as const satisfies Record<IdentityField, SealedColumn>;

export const identityFields = Object.keys(sealedColumns) as readonly IdentityField[];

/** The name that is authenticated with a value of this field. It is stored in no row and must never change. */
export const authenticatedName = (field: IdentityField): string => `elder.${field}`;

export const sealedIdentities: SealedTable = {
  table: 'elder',
  idColumn: 'id',
  columns: Object.fromEntries(
    identityFields.map((field) => [sealedColumns[field], () => authenticatedName(field)]),
  ),
};

export function openField<Field extends IdentityField>(
  cipher: FieldCipher,
  field: Field,
  sealed: Pick<SealedIdentity, (typeof sealedColumns)[Field]>,
): string | null {
  const stored = sealed[sealedColumns[field]];
  return stored === null ? null : cipher.decrypt(authenticatedName(field), stored);
}

/** The columns of a new file, the hash by which its ID number is found among them. */
export function sealIdentity(
  cipher: FieldCipher,
  { idNumber, phone, address }: { idNumber: string; phone: string | null; address: string | null },
): SealedIdentity & { idNumberHash: string; idNumberSealed: string } {
  return {
    ...sealIdNumber(cipher, idNumber),
    phoneSealed: sealField(cipher, 'phone', phone),
    addressSealed: sealField(cipher, 'address', address),
  };
}

export function sealIdNumber(
  cipher: FieldCipher,
  idNumber: string,
): { idNumberSealed: string; idNumberHash: string } {
  return {
    idNumberSealed: cipher.encrypt(authenticatedName('idNumber'), idNumber),
    idNumberHash: idNumberHash(cipher, idNumber),
  };
}

export function sealField(cipher: FieldCipher, field: IdentityField, text: string | null): string | null {
  return text === null ? null : cipher.encrypt(authenticatedName(field), text);
}

/** By which the file of an ID number is found. */
export function idNumberHash(cipher: FieldCipher, idNumber: string): string {
  return cipher.lookup(authenticatedName('idNumber'), idNumber);
}
