import type { Text } from '../../shared/text.js';

export type DocumentRefusalCode =
  | 'DOCUMENT_INVALID'
  | 'AMOUNT_OUT_OF_RANGE'
  | 'INTERVAL_INVALID'
  | 'CODE_REUSED'
  | 'RULES_OVERLAP'
  | 'RULES_CONTRADICT'
  | 'PAYS_MORE_THAN_BILL'
  | 'SHARES_INVALID'
  | 'FUNDER_UNKNOWN';

/** What is wrong, and where in the document. */
export interface Fault {
  code: DocumentRefusalCode;
  path: readonly (string | number)[];
  text: Text;
}

export function fault(code: DocumentRefusalCode, path: readonly (string | number)[], text: Text): Fault {
  return { code, path, text };
}

/** The fault of the first item that has one. */
export function first<Item>(
  items: readonly Item[],
  faultOf: (item: Item, index: number) => Fault | undefined,
): Fault | undefined {
  for (const [index, item] of items.entries()) {
    const found = faultOf(item, index);
    if (found) return found;
  }
  return undefined;
}
