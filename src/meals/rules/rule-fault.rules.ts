import type { Fault as FaultOf } from '../../rule-versions/rule-document.rules.js';

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
export type Fault = FaultOf<DocumentRefusalCode>;
