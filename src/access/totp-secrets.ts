import type { FieldCipher } from '../shared/field-cipher.js';
import type { SealedTable } from '../shared/rotate-keys.js';

/** The columns of staff_credential with what one-time codes are made from. */
export type TotpColumn = 'totpSecret' | 'totpNext';

/**
 * The name that is authenticated with the secret of an account. It says whose it is: a secret that somebody copied
 * from the row of another account, the own phone's perhaps, does not open there.
 */
export const totpName = (column: TotpColumn, accountId: number): string =>
  `staff_credential.${column}#${accountId}`;

export const sealedTotp: SealedTable = {
  table: 'staff_credential',
  idColumn: 'accountId',
  columns: {
    totpSecret: (accountId) => totpName('totpSecret', accountId),
    totpNext: (accountId) => totpName('totpNext', accountId),
  },
};

export function sealTotp(cipher: FieldCipher, column: TotpColumn, accountId: number, secret: string): string {
  return cipher.encrypt(totpName(column, accountId), secret);
}

/** @throws UnreadableField for a secret that was altered, or is another account's */
export function openTotp(cipher: FieldCipher, column: TotpColumn, accountId: number, kept: string): string {
  return cipher.decrypt(totpName(column, accountId), kept);
}
