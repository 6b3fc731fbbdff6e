import { hasControls } from '../shared/control-characters.js';
import type { FieldCipher } from '../shared/field-cipher.js';
import type { SealedTable } from '../shared/rotate-keys.js';
import type { SealedHeir } from './pay-out.js';

/** Who gets the rest of the money in place of the elder. */
export interface Heir {
  name: string;
  /** What that person is to the elder. */
  relation: string;
  /** The number of the document that proves it, such as a notarial certificate's. */
  documentReference: string;
}

/** Names that are authenticated with a value. They are stored in no row and must never change. */
const nameField = 'balance_payout.heirName';
const documentField = 'balance_payout.heirDocument';

/** What a key must not be given up for. */
export const sealedHeirs: SealedTable = {
  table: 'balance_payout',
  idColumn: 'id',
  columns: { heirNameSealed: () => nameField, heirDocumentSealed: () => documentField },
};

const lengthsMax: Readonly<Record<keyof Heir, number>> = { name: 60, relation: 20, documentReference: 60 };

/** The first field that is empty, too long or holds a control character. */
export function faultyField(heir: Heir): keyof Heir | undefined {
  const fields = Object.keys(lengthsMax) as (keyof Heir)[];
  return fields.find((field) => {
    const length = [...heir[field]].length;
    return length < 1 || length > lengthsMax[field] || hasControls(heir[field]);
  });
}

export function sealHeir(cipher: FieldCipher, { name, relation, documentReference }: Heir): SealedHeir {
  return {
    heirNameSealed: cipher.encrypt(nameField, name),
    heirRelation: relation,
    heirDocumentSealed: cipher.encrypt(documentField, documentReference),
  };
}

export function openHeir(
  cipher: FieldCipher,
  { heirNameSealed, heirRelation, heirDocumentSealed }: { [Column in keyof SealedHeir]: string | null },
): Heir | null {
  if (heirNameSealed === null || heirDocumentSealed === null) return null;
  return {
    name: cipher.decrypt(nameField, heirNameSealed),
    relation: heirRelation ?? '',
    documentReference: cipher.decrypt(documentField, heirDocumentSealed),
  };
}
