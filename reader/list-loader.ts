import type { SnapshotPage } from '../src/meals/reader-lists/reader-snapshot.rules.js';
import type { Facts } from './facts.js';
import { readerSnapshot, readerSnapshotKeys } from './operations.js';
import type { ReaderClock } from './reader-clock.js';
import type { Reply, ServerClient } from './server-client.js';
import type { SnapshotList } from './snapshot-list.js';
import { KeyUnknown, openPage, PageRefused } from './snapshot-page.js';

/** LOADED and NOT_OFFERED are answers; a page that is not to be trusted is one too, but nothing is taken from it. */
export type Loading =
  | { kind: 'LOADED' }
  | { kind: 'NOT_OFFERED'; reason: string }
  | { kind: 'NOT_TRUSTED'; reason: string }
  | Extract<Reply<never>, { kind: 'NO_ANSWER' | 'KEY_REFUSED' }>;

/** A page of a thousand cards over a mobile network takes its time. */
const pageDeadlineMs = 30_000;
/** A clock that the server set a while ago is not off by more. */
const driftMsMax = 600_000;
/** More pages than the largest canteen has. */
const pagesMax = 1000;

/** Fetches the signed list, page by page. */
export class ListLoader {
  constructor(
    private readonly client: ServerClient,
    private readonly list: SnapshotList,
    private readonly facts: Facts,
    private readonly clock: ReaderClock,
  ) {}

  async load(): Promise<Loading> {
    try {
      for (let pages = 0; pages < pagesMax; pages++) {
        const loading = await this.loadPage();
        if (loading) return loading;
      }
      return { kind: 'NOT_TRUSTED', reason: `it has more than ${pagesMax} pages` };
    } catch (error) {
      if (!(error instanceof PageRefused)) throw error;
      // The next time everything is asked anew; what is stored stays in use for as long as it may be.
      this.list.startOver();
      return { kind: 'NOT_TRUSTED', reason: error.message };
    }
  }

  /** Undefined when another page follows. */
  private async loadPage(): Promise<Loading | undefined> {
    const binding = this.facts.get('binding');
    if (!binding) return { kind: 'NOT_OFFERED', reason: 'the reader knows no canteen yet' };
    const { canteenId, readerId } = binding;
    const since = this.list.since;
    const asked = this.clock.read();
    const reply = await this.client.ask(readerSnapshot, { canteenId, since }, pageDeadlineMs);
    const answered = this.clock.read();
    if (reply.kind !== 'DATA') return notLoaded(reply);
    const { readerSnapshot: answer } = reply.data;
    if (answer.__typename === 'ReaderSnapshotRefusal') {
      if (answer.code === 'SINCE_INVALID') this.list.startOver();
      return { kind: 'NOT_OFFERED', reason: `${answer.code}: ${answer.message}` };
    }
    const page = await this.opened(answer.page);
    if ('kind' in page) return page;
    if (page.canteenId !== canteenId || page.readerId !== readerId)
      throw new PageRefused('it is for another reader');
    if (page.since !== (since ?? null) && !page.full) throw new PageRefused('it answers another question');
    this.checkTime(page);
    this.clock.hear(Date.parse(page.serverTime), asked, answered, true);
    this.list.apply(page);
    if (page.keys.length > 0) this.facts.set('snapshotKeys', page.keys);
    return page.last ? { kind: 'LOADED' } : undefined;
  }

  /** An old page that somebody kept is signed as well as a new one. */
  private checkTime({ serverTime, validUntil, last }: SnapshotPage): void {
    if (last && Date.parse(validUntil) <= Date.parse(serverTime)) throw new PageRefused('it is out of date');
    const nowMs = this.clock.isSigned ? this.clock.nowMs() : undefined;
    if (nowMs !== undefined && Math.abs(nowMs - Date.parse(serverTime)) > driftMsMax)
      throw new PageRefused('it is of another time');
  }

  /** A key that is not known yet is asked for once. */
  private async opened(page: string): Promise<SnapshotPage | Loading> {
    try {
      return openPage(page, this.facts.get('snapshotKeys') ?? []);
    } catch (error) {
      if (!(error instanceof KeyUnknown)) throw error;
    }
    const reply = await this.client.ask(readerSnapshotKeys, {}, pageDeadlineMs);
    if (reply.kind !== 'DATA') return notLoaded(reply);
    const keys = reply.data.readerSnapshotKeys;
    const opened = openPage(page, keys);
    this.facts.set('snapshotKeys', keys);
    return opened;
  }
}

/** A server that does not know the question offers no list. */
function notLoaded(reply: Exclude<Reply<unknown>, { kind: 'DATA' }>): Loading {
  return reply.kind === 'NOT_UNDERSTOOD' ? { kind: 'NOT_OFFERED', reason: reply.reason } : reply;
}
