import type { EntityManager } from 'typeorm';
import type { Refusal } from '../shared/refusal.js';

/** Why a version is not proposed or decided on, whatever its rules are about. */
export type VersionRefusalCode =
  | 'CODE_INVALID'
  | 'DATE_OUT_OF_RANGE'
  | 'FACILITY_UNKNOWN'
  | 'FACILITY_DIFFERS'
  | 'VERSIONS_OVERLAP'
  | 'CATEGORY_UNKNOWN'
  | 'RULES_UNKNOWN'
  | 'NOT_PROPOSED'
  | 'SAME_PERSON'
  | 'NOT_THE_AUTHOR'
  | 'BACKDATED'
  | 'NOTE_INVALID';

/** What one kind of rules brings to its versions; all else is the same for every kind. */
export interface RuleKind<Document, Code extends string> {
  /** Where its versions are written down; the columns are those of entities/rule-version.ts. */
  table: 'subsidy_rule' | 'hours_rule';
  /** What the audit log calls a version, before its id. */
  subject: 'rules' | 'hours-rules';
  /** The document that somebody wrote; what is refused is named beneath `field`. */
  readDocument(text: string, field: readonly string[]): Document | Refusal<Code>;
  /** Why a well-formed document cannot count here: it names who is not there. */
  refusalOf(manager: EntityManager, document: Document): Promise<Refusal<Code> | undefined>;
}

/** Where alone the table of a kind matters. */
export type RuleTable = Pick<RuleKind<never, never>, 'table'>;
