import type { VersionStatus } from '../../entities/rule-version.js';
import type { approveVersion } from '../../src/rule-versions/decide-version.js';
import { countVersions, findVersions, type ListedVersion } from '../../src/rule-versions/list-versions.js';
import { proposeVersionText } from '../../src/rule-versions/propose-version.js';
import type { RuleKind, VersionRefusalCode } from '../../src/rule-versions/rule-kind.js';
import { versionState } from '../../src/rule-versions/version-state.js';
import { dayOf } from '../../src/shared/china-time.js';
import { isRefusal, type Refusal } from '../../src/shared/refusal.js';
import type { Context } from '../context.js';
import { idOf } from './ids.js';
import { type Connection, connectionOf, readPage } from './paging.js';
import { notFound, type ShownRefusal, shownRefusal } from './refusal.js';
import type { ProposeVersionInput } from './rule-version.js';

/** A query or mutation about the versions of one kind of rules. */
export interface RuleOperation<Document extends object, Code extends string> {
  kind: RuleKind<Document, Code>;
  /** Its name in the graph. */
  operation: string;
  context: Context;
}

export interface VersionsAsked {
  facilityId: string;
  status: VersionStatus | null | undefined;
  code: string | null | undefined;
  first: number;
  after: string | null | undefined;
}

/** A page of versions; null, and on record, when the caller may not see the facility. */
export async function listedVersions<Document extends object, Code extends string>(
  { kind, operation, context }: RuleOperation<Document, Code>,
  { facilityId, status, code, first, after }: VersionsAsked,
): Promise<Connection<ListedVersion> | null> {
  const page = readPage(first, after, context.language);
  const filter = { facilityId: idOf(facilityId) ?? 0, status: status ?? undefined, code: code ?? undefined };
  const wanted = { filter, page: { afterId: page.afterId, rowsMax: page.first + 1 } };
  const today = dayOf(context.now);
  const scope = context.scopeFor(operation);
  const rows = await context.database.read((manager) => findVersions(manager, kind, wanted, scope, today));
  if (!rows) await context.audit.refused(operation, notFound, { facilityId });
  if (!rows) return null;
  return connectionOf(rows, page.first, () =>
    context.database.read((manager) => countVersions(manager, kind, filter, today)),
  );
}

export async function proposedVersion<Document extends object, Code extends string>(
  { kind, operation, context }: RuleOperation<Document, Code>,
  input: ProposeVersionInput,
): Promise<ListedVersion | ShownRefusal<Code | VersionRefusalCode>> {
  const { accountId: byId, now } = context;
  const proposal = {
    ...input,
    toDay: input.toDay ?? null,
    facilityId: idOf(input.facilityId) ?? 0,
    byId,
    now,
  };
  const scope = context.scopeFor(operation);
  const result = await context.audit.write((manager) => proposeVersionText(manager, kind, proposal, scope), {
    state: (manager, version) =>
      versionState(manager, kind, version && !isRefusal(version) ? version.id : undefined),
  });
  return shown(result, context);
}

/** Approves, rejects or withdraws a version. */
export async function decidedVersion<Document extends object, Code extends string>(
  { kind, operation, context }: RuleOperation<Document, Code>,
  decide: typeof approveVersion,
  id: string,
  note: string | null = null,
): Promise<ListedVersion | ShownRefusal<VersionRefusalCode>> {
  const ruleSetId = idOf(id) ?? 0;
  const decision = { ruleSetId, note, byId: context.accountId, now: context.now };
  const scope = context.scopeFor(operation);
  const result = await context.audit.write((manager) => decide(manager, kind, decision, scope), {
    state: (manager) => versionState(manager, kind, ruleSetId),
  });
  return shown(result, context);
}

function shown<Code extends string>(
  result: ListedVersion | Refusal<Code>,
  { language }: Context,
): ListedVersion | ShownRefusal<Code> {
  return isRefusal(result) ? shownRefusal(result, language) : result;
}
