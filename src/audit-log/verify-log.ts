import type { EntityManager } from 'typeorm';
import type { Database } from '../shared/database.js';
import type { AuditRow } from './audit-record.js';
import { type Head, linkHash } from './chain.rules.js';
import { logStart } from './link-records.js';
import { auditColumnsOf, auditRowOf, type RawAuditRow } from './read-records.js';

export type LogFault =
  | 'ALTERED'
  | 'REORDERED'
  | 'RECORD_MISSING'
  | 'LINK_MISSING'
  | 'TRUNCATED'
  | 'UNCHAINED';

/** The first place at which the log is not what it was. */
export interface BrokenLog {
  fault: LogFault;
  seq: number | null;
  recordId: number | null;
  text: string;
}

export interface VerifiedLog {
  /** Where the kept log begins: the last link that was pruned, or 0. */
  start: Head;
  /** The last link that was found right. */
  head: Head;
  broken: BrokenLog | undefined;
}

/** Links that are in memory at once. */
const pageSize = 1000;

/** How far a verification has come: `done` of `total` links. */
export type OnLinks = (done: number, total: number) => void;

/**
 * Recomputes the chain from its start, a page at a time, and stops at the first link that does not hold. Links that
 * a running server appends meanwhile are left to the next verification.
 */
export async function verifyLog(
  database: Database,
  onLinks: OnLinks = () => undefined,
): Promise<VerifiedLog> {
  const end = (await database.read(nextSeq)) - 1;
  const start = await database.read(logStart);
  let head = start;
  while (head.seq < end) {
    const page = await database.read((manager) => readPage(manager, head.seq, end));
    if (page.length === 0) return { start, head, broken: truncated(head.seq, end) };
    const checked = checkPage(head, page);
    head = checked.head;
    if (checked.broken) return { start, head, broken: checked.broken };
    onLinks(head.seq - start.seq, end - start.seq);
  }
  return { start, head, broken: await unchained(database) };
}

interface Link extends Head {
  recordId: number;
  record: AuditRow | undefined;
}

async function nextSeq(manager: EntityManager): Promise<number> {
  const rows: { next: number | string | null }[] = await manager.query(
    `SELECT CASE WHEN s.nextId > COALESCE(l.seq + 1, 0) THEN s.nextId ELSE l.seq + 1 END AS next
       FROM id_sequence s LEFT JOIN (SELECT MAX(seq) AS seq FROM audit_link) l ON 1 = 1
      WHERE s.name = 'audit-link'`,
  );
  return Number(rows[0]?.next ?? 1);
}

async function readPage(manager: EntityManager, afterSeq: number, end: number): Promise<Link[]> {
  const rows: (Partial<RawAuditRow> & { seq: number | string; recordId: number | string; hash: string })[] =
    await manager.query(
      `SELECT l.seq AS seq, l.recordId AS recordId, l.hash AS hash, ${auditColumnsOf('r')}
         FROM audit_link l LEFT JOIN audit_record r ON r.id = l.recordId
        WHERE l.seq > ? AND l.seq <= ? ORDER BY l.seq LIMIT ${pageSize}`,
      [afterSeq, end],
    );
  return rows.map(({ seq, recordId, hash, ...raw }) => ({
    seq: Number(seq),
    recordId: Number(recordId),
    hash,
    record: isWhole(raw) ? auditRowOf(raw) : undefined,
  }));
}

/** The columns of a record that is gone are null. */
function isWhole(raw: Partial<RawAuditRow>): raw is RawAuditRow {
  return raw.id !== null && raw.id !== undefined;
}

function checkPage(before: Head, page: readonly Link[]): { head: Head; broken?: BrokenLog } {
  let head = before;
  for (const link of page) {
    const broken = faultOf(head, link, { before, links: page });
    if (broken) return { head, broken };
    head = { seq: link.seq, hash: link.hash };
  }
  return { head };
}

/** Links that are in memory together, and what stands before the first of them. */
interface Page {
  before: Head;
  links: readonly Link[];
}

function faultOf(head: Head, link: Link, page: Page): BrokenLog | undefined {
  const { seq, recordId, record, hash } = link;
  if (seq !== head.seq + 1) {
    const text = `links ${head.seq + 1} to ${seq - 1} are missing`;
    return { fault: 'LINK_MISSING', seq: head.seq + 1, recordId: null, text };
  }
  if (!record) {
    const text = `record ${recordId}, which link ${seq} is about, is missing`;
    return { fault: 'RECORD_MISSING', seq, recordId, text };
  }
  if (linkHash(head.hash, seq, record) === hash) return undefined;
  if (isOutOfOrder(head, link, page)) {
    const text = `at link ${seq} stands another record, or another link, than was written there: the order was changed`;
    return { fault: 'REORDERED', seq, recordId, text };
  }
  return { fault: 'ALTERED', seq, recordId, text: `record ${recordId} at link ${seq} was altered` };
}

/** True when a record that is near, and wrong where it stands, would be right here, with its own id or with this one's. */
function isOutOfOrder(head: Head, { seq, recordId }: Link, page: Page): boolean {
  const hashes = new Set(page.links.map(({ hash }) => hash));
  return page.links.some(({ record }, index) => {
    if (!record || isRightAsStored(page, index)) return false;
    const asItself = linkHash(head.hash, seq, record);
    return hashes.has(asItself) || hashes.has(linkHash(head.hash, seq, { ...record, id: recordId }));
  });
}

/** Judged by the link before it as it is stored, since nothing behind the first fault can be vouched for. */
function isRightAsStored({ before, links }: Page, index: number): boolean {
  const link = links[index];
  const previous = links[index - 1] ?? before;
  return link !== undefined && linkHash(previous.hash, link.seq, link.record) === link.hash;
}

function truncated(last: number, end: number): BrokenLog {
  const text = `the log ends at link ${last}, although ${end} were written`;
  return { fault: 'TRUNCATED', seq: last + 1, recordId: null, text };
}

/** Records that neither have a place in the chain nor wait for one, found a page at a time. */
async function unchained(database: Database): Promise<BrokenLog | undefined> {
  let afterId = -1;
  for (;;) {
    const rows: { id: number | string; seq: number | null; pending: number | null }[] = await database.read(
      (manager) =>
        manager.query(
          `SELECT r.id AS id, l.seq AS seq, p.recordId AS pending
             FROM (SELECT id FROM audit_record WHERE id > ? ORDER BY id LIMIT ${pageSize}) r
             LEFT JOIN audit_link l ON l.recordId = r.id
             LEFT JOIN audit_pending p ON p.recordId = r.id
            ORDER BY r.id`,
          [afterId],
        ),
    );
    const loose = rows.find(({ seq, pending }) => seq === null && pending === null);
    if (loose) {
      const recordId = Number(loose.id);
      const text = `record ${recordId} has no link: its link was taken away, or it was put in past the log`;
      return { fault: 'UNCHAINED', seq: null, recordId, text };
    }
    const last = rows.at(-1);
    if (!last) return undefined;
    afterId = Number(last.id);
  }
}
