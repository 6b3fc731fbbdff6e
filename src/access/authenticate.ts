import type { FamilyRight, Role } from '../../entities/access/access-grant.entity.js';
import type { Database } from '../shared/database.js';
import { Gatherer } from '../shared/gatherer.js';
import { placeholders } from '../shared/statements.js';
import type { AccessTokens } from './access-tokens.js';
import type { Caller, CallerGrant } from './caller.js';
import { rightsIn } from './family-rights.rules.js';
import { hashToken } from './tokens.js';

/** How many requests may share one look at the tokens. */
const batchSizeMax = 500;

/** What the tokens of people who sign in are read with; without it there are lasting tokens only. */
export interface SessionReading {
  accessTokens: AccessTokens;
  /** Roles that count only in a session in which a one-time code was given. */
  totpRoles: readonly Role[];
}

/**
 * Tells who a token belongs to. The database is asked for every request, so that a revocation, a sign-out or
 * a new grant counts from the next request on; but requests that arrive together share one question.
 */
export class Authenticator {
  private readonly holders: Gatherer<string, Holder | undefined>;
  private readonly sessions: Gatherer<number, SessionHolder | undefined>;

  constructor(
    database: Database,
    private readonly reading?: SessionReading,
  ) {
    this.holders = new Gatherer((hashes) => holdersOf(database, hashes), batchSizeMax);
    this.sessions = new Gatherer((ids) => sessionHoldersOf(database, ids), batchSizeMax);
  }

  /**
   * Undefined for a token that nobody was ever given, and for one of a session that is over. `now` decides
   * which grants are in force. A lasting token has no dot in it, so readers do not pay for signatures.
   */
  callerOf(token: string, now: Date): Promise<Caller | undefined> {
    return token.includes('.') ? this.sessionCallerOf(token, now) : this.lastingCallerOf(token, now);
  }

  private async lastingCallerOf(token: string, now: Date): Promise<Caller | undefined> {
    const holder = await this.holders.add(hashToken(token));
    if (!holder) return undefined;
    const { accountId, name, revokedAt, grants } = holder;
    // The old key of a reader that was given a new one stops at an instant that may be to come.
    const revoked = revokedAt !== null && revokedAt <= now.getTime();
    // A revoked reader is still told at which canteen it was, in answers that say it was revoked.
    const inForce = revoked ? grants : grants.filter((grant) => isInForce(grant, now.getTime()));
    return { accountId, name, revoked, grants: inForce.map(callerGrant) };
  }

  private async sessionCallerOf(token: string, now: Date): Promise<Caller | undefined> {
    const claims = await this.reading?.accessTokens.read(token, now);
    if (!claims) return undefined;
    const holder = await this.sessions.add(claims.sessionId);
    if (holder?.accountId !== claims.accountId || !isOpen(holder, now.getTime())) return undefined;
    const { accountId, name, grants } = holder;
    const counting = grants.filter((grant) => isInForce(grant, now.getTime()) && this.counts(grant, holder));
    return {
      accountId,
      name,
      revoked: false,
      sessionId: claims.sessionId,
      grants: counting.map(callerGrant),
    };
  }

  /** With a password that somebody else chose, or without the code that a role wants, nothing is open yet. */
  private counts({ role }: HeldGrant, { temporary, secondFactor }: SessionHolder): boolean {
    return !temporary && (secondFactor || !this.reading?.totpRoles.includes(role));
  }
}

/** What the tables say of an account, whatever the time. Instants are epoch milliseconds. */
interface AccountHolder {
  accountId: number;
  name: string;
  grants: HeldGrant[];
}

interface Holder extends AccountHolder {
  revokedAt: number | null;
}

interface SessionHolder extends AccountHolder {
  endedAt: number | null;
  expiresAt: number;
  secondFactor: boolean;
  temporary: boolean;
}

interface HeldGrant {
  id: number;
  role: Role;
  facilityId: number | null;
  elderId: number | null;
  fromAt: number;
  untilAt: number | null;
  showsIdentities: boolean;
  /** Of a relative alone. */
  family?: { rights: readonly FamilyRight[]; mayLetIn: boolean };
}

/** Held over [fromAt, untilAt). */
function isInForce({ fromAt, untilAt }: HeldGrant, now: number): boolean {
  return fromAt <= now && (untilAt === null || now < untilAt);
}

function isOpen({ endedAt, expiresAt }: SessionHolder, now: number): boolean {
  return endedAt === null && now < expiresAt;
}

function callerGrant(held: HeldGrant): CallerGrant {
  const { id, role, facilityId, elderId, untilAt, showsIdentities, family } = held;
  return {
    ...family,
    id,
    role,
    facilityId,
    elderId,
    showsIdentities,
    untilAt: untilAt === null ? null : new Date(untilAt),
  };
}

async function holdersOf(database: Database, hashes: string[]): Promise<(Holder | undefined)[]> {
  const distinct = [...new Set(hashes)];
  const rows = await database.read(
    (manager): Promise<(AccountRow & { hash: string; revokedAt: number | string | null })[]> =>
      manager.query(
        `SELECT t.hash AS hash, t.revokedAt AS revokedAt, ${accountColumns}
         FROM access_token t
         JOIN account a ON a.id = t.accountId
         LEFT JOIN access_grant g ON g.accountId = a.id
        WHERE t.hash IN (${placeholders(distinct)})
        ORDER BY g.id`,
        distinct,
      ),
  );
  const holders = gathered(
    rows,
    ({ hash }) => hash,
    ({ revokedAt }) => ({ revokedAt: revokedAt === null ? null : Number(revokedAt) }),
  );
  return hashes.map((hash) => holders.get(hash));
}

async function sessionHoldersOf(database: Database, ids: number[]): Promise<(SessionHolder | undefined)[]> {
  const distinct = [...new Set(ids)];
  const rows = await database.read(
    (manager): Promise<SessionRow[]> =>
      manager.query(
        `SELECT s.id AS sessionId, s.endedAt AS endedAt, s.expiresAt AS expiresAt,
              s.secondFactor AS secondFactor, c.temporary AS temporary, ${accountColumns}
         FROM staff_session s
         LEFT JOIN staff_credential c ON c.accountId = s.accountId
         JOIN account a ON a.id = s.accountId
         LEFT JOIN access_grant g ON g.accountId = a.id
        WHERE s.id IN (${placeholders(distinct)})
        ORDER BY g.id`,
        distinct,
      ),
  );
  const holders = gathered(rows, ({ sessionId }) => sessionId, sessionOf);
  return ids.map((id) => holders.get(id));
}

const accountColumns = `a.id AS accountId, a.name AS name, g.id AS grantId, g.role AS role,
              g.facilityId AS facilityId, g.elderId AS elderId, g.fromAt AS fromAt, g.untilAt AS untilAt,
              g.showsIdentities AS showsIdentities, g.familyRights AS familyRights, g.mayLetIn AS mayLetIn`;

interface AccountRow {
  accountId: number;
  name: string;
  grantId: number;
  /** Null for an account without any grant. */
  role: Role | null;
  facilityId: number | null;
  elderId: number | null;
  fromAt: number | string;
  untilAt: number | string | null;
  showsIdentities: number | boolean;
  familyRights: string | null;
  mayLetIn: number | boolean;
}

interface SessionRow extends AccountRow {
  sessionId: number;
  endedAt: number | string | null;
  expiresAt: number | string;
  secondFactor: number;
  /** Null for a relative, who has no password. */
  temporary: number | null;
}

function sessionOf({ endedAt, expiresAt, secondFactor, temporary }: SessionRow) {
  return {
    endedAt: endedAt === null ? null : Number(endedAt),
    expiresAt: Number(expiresAt),
    secondFactor: Boolean(secondFactor),
    temporary: Boolean(temporary),
  };
}

/** One holder for each key, with the grants of all its rows. */
function gathered<Row extends AccountRow, Key, More>(
  rows: readonly Row[],
  keyOf: (row: Row) => Key,
  moreOf: (row: Row) => More,
): Map<Key, AccountHolder & More> {
  const holders = new Map<Key, AccountHolder & More>();
  for (const row of rows) {
    const { accountId, name, role } = row;
    const holder = holders.get(keyOf(row)) ?? { accountId, name, grants: [], ...moreOf(row) };
    if (role !== null) holder.grants.push(heldGrant(row, role));
    holders.set(keyOf(row), holder);
  }
  return holders;
}

function heldGrant(row: AccountRow, role: Role): HeldGrant {
  return {
    id: row.grantId,
    role,
    facilityId: row.facilityId,
    elderId: row.elderId,
    fromAt: Number(row.fromAt),
    untilAt: row.untilAt === null ? null : Number(row.untilAt),
    showsIdentities: Boolean(row.showsIdentities),
    ...(role === 'FAMILY'
      ? { family: { rights: rightsIn(row.familyRights), mayLetIn: Boolean(row.mayLetIn) } }
      : {}),
  };
}
