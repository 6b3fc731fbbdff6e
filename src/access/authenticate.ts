import type { Role } from '../../entities/access/access-grant.entity.js';
import type { Database } from '../shared/database.js';
import { Gatherer } from '../shared/gatherer.js';
import { placeholders } from '../shared/statements.js';
import type { Caller } from './caller.js';
import { hashToken } from './tokens.js';

/** How many requests may share one look at the tokens. */
const batchSizeMax = 500;

/**
 * Tells who a token belongs to. The database is asked for every request, so that a revocation or a new
 * grant counts from the next request on; but requests that arrive together share one question.
 */
export class Authenticator {
  private readonly holders: Gatherer<string, Holder | undefined>;

  constructor(database: Database) {
    this.holders = new Gatherer((hashes) => holdersOf(database, hashes), batchSizeMax);
  }

  /** Undefined for a token that nobody was ever given. `now` decides which grants are in force. */
  async callerOf(token: string, now: Date): Promise<Caller | undefined> {
    const holder = await this.holders.add(hashToken(token));
    if (!holder) return undefined;
    const { accountId, name, revokedAt, grants } = holder;
    // The old key of a reader that was given a new one stops at an instant that may be to come.
    const revoked = revokedAt !== null && revokedAt <= now.getTime();
    // A revoked reader is still told at which canteen it was, in answers that say it was revoked.
    const inForce = revoked ? grants : grants.filter((grant) => isInForce(grant, now.getTime()));
    return {
      accountId,
      name,
      revoked,
      grants: inForce.map(({ role, facilityId, untilAt, showsIdentities }) => ({
        role,
        facilityId,
        showsIdentities,
        untilAt: untilAt === null ? null : new Date(untilAt),
      })),
    };
  }
}

/** What the tables say of a token, whatever the time. Instants are epoch milliseconds. */
interface Holder {
  accountId: number;
  name: string;
  revokedAt: number | null;
  grants: HeldGrant[];
}

interface HeldGrant {
  role: Role;
  facilityId: number | null;
  fromAt: number;
  untilAt: number | null;
  showsIdentities: boolean;
}

/** Held over [fromAt, untilAt). */
function isInForce({ fromAt, untilAt }: HeldGrant, now: number): boolean {
  return fromAt <= now && (untilAt === null || now < untilAt);
}

async function holdersOf(database: Database, hashes: string[]): Promise<(Holder | undefined)[]> {
  const distinct = [...new Set(hashes)];
  const rows = await database.read(
    (manager): Promise<HolderRow[]> =>
      manager.query(
        `SELECT t.hash AS hash, t.revokedAt AS revokedAt, a.id AS accountId, a.name AS name,
              g.role AS role, g.facilityId AS facilityId, g.fromAt AS fromAt, g.untilAt AS untilAt,
              g.showsIdentities AS showsIdentities
         FROM access_token t
         JOIN account a ON a.id = t.accountId
         LEFT JOIN access_grant g ON g.accountId = a.id
        WHERE t.hash IN (${placeholders(distinct)})
        ORDER BY g.id`,
        distinct,
      ),
  );
  const holders = new Map<string, Holder>();
  for (const row of rows) {
    const holder = holders.get(row.hash) ?? {
      accountId: row.accountId,
      name: row.name,
      revokedAt: row.revokedAt === null ? null : Number(row.revokedAt),
      grants: [],
    };
    if (row.role !== null) holder.grants.push(heldGrant(row, row.role));
    holders.set(row.hash, holder);
  }
  return hashes.map((hash) => holders.get(hash));
}

interface HolderRow {
  hash: string;
  revokedAt: number | string | null;
  accountId: number;
  name: string;
  /** Null for an account without any grant. */
  role: Role | null;
  facilityId: number | null;
  fromAt: number | string;
  untilAt: number | string | null;
  showsIdentities: number | boolean;
}

function heldGrant(row: HolderRow, role: Role): HeldGrant {
  return {
    role,
    facilityId: row.facilityId,
    fromAt: Number(row.fromAt),
    untilAt: row.untilAt === null ? null : Number(row.untilAt),
    showsIdentities: Boolean(row.showsIdentities),
  };
}
