import { putOnRecord, type RecordedWrite, writeOnRecord } from '../audit-log/write-on-record.js';
import type { AfterStay } from '../elders/institution-stays.js';
import { dayOf } from '../shared/china-time.js';
import { type Database, isOutage } from '../shared/database.js';
import { Gatherer } from '../shared/gatherer.js';
import { admit } from './admit.js';
import { type AdmissionAsked, admitTogether } from './admit-together.js';
import type { BedRefusal } from './bed-refusals.js';
import type { Stay } from './read-stays.js';

type Answer = Stay | BedRefusal;

/** Said of one that has to be decided in a transaction of its own. */
const alone = Symbol('alone');

/** An admission, and the record that it leaves in the audit log. */
export interface AdmissionCall extends AdmissionAsked {
  write: RecordedWrite<Answer>;
}

export interface AdmissionDeskOptions {
  database: Database;
  /** What other areas do about those who turn out to live in an institution. */
  afterStays: readonly AfterStay[];
}

/** How many admissions share a transaction: each keeps its elder and its bed locked until all of them are written. */
const batchSizeMax = 64;

/** On MySQL the next batch is made up while the one before it is being written; SQLite's writers take turns. */
const batchesMax = { mysql: 2, sqlite: 1 };

/**
 * Where elders are let into beds. Those who come while a transaction is under way share the next one, with their records
 * in the audit log; each is answered after the commit.
 */
export class AdmissionDesk {
  private readonly gatherer: Gatherer<AdmissionCall, Answer | typeof alone>;

  constructor(private readonly options: AdmissionDeskOptions) {
    const { engine } = options.database;
    this.gatherer = new Gatherer((calls) => this.decide(calls), batchSizeMax, batchesMax[engine]);
  }

  async admit(call: AdmissionCall): Promise<Answer> {
    const answer = await this.gatherer.add(call);
    return answer === alone ? this.decideAlone(call) : answer;
  }

  /** Those who want what another of the batch wants come after it, each for itself, and then find it done. */
  private async decide(calls: readonly AdmissionCall[]): Promise<(Answer | typeof alone)[]> {
    const together = withoutCommon(calls);
    const answers = await this.decideTogether(together);
    const found = new Map(together.map((call, index) => [call, answers[index] as Answer | typeof alone]));
    return calls.map((call) => found.get(call) ?? alone);
  }

  /**
   * Where a batch goes wrong each is tried again for itself, so that none is spoilt by a neighbour nor waits for another's
   * lock; when the database is out of reach all of them are told so.
   */
  private async decideTogether(calls: readonly AdmissionCall[]): Promise<(Answer | typeof alone)[]> {
    const { database, afterStays } = this.options;
    try {
      return await database.write(async (manager) => {
        try {
          const answers = await admitTogether(manager, calls, afterStays);
          const done = calls.map(({ write }, index) => ({ write, result: answers[index] as Answer }));
          await putOnRecord(manager, done);
          return answers;
        } catch (error) {
          throw isOutage(error) ? error : new SpoiltBatch(error);
        }
      });
    } catch (error) {
      if (error instanceof SpoiltBatch) return calls.map(() => alone);
      throw error;
    }
  }

  private decideAlone({ write, wanted, reach }: AdmissionCall): Promise<Answer> {
    const { database, afterStays } = this.options;
    return database.write((manager) =>
      writeOnRecord(manager, write, () => admit(manager, wanted, reach, afterStays)),
    );
  }
}

/** A transaction of several that failed: it is not run again as it was. */
class SpoiltBatch extends Error {
  constructor(cause: unknown) {
    super('a batch of admissions failed', { cause });
  }
}

/** The first of all who want one elder, one bed or one request, and of these those of the first one's day. */
function withoutCommon(calls: readonly AdmissionCall[]): AdmissionCall[] {
  const [first] = calls;
  const seen = new Set<string>();
  return calls.filter(({ wanted }) => {
    const { elderId, bedId, requestId, now } = wanted;
    const keys = [`elder ${elderId}`, `bed ${bedId}`, `request ${requestId.toLowerCase()}`];
    const isCommon = keys.some((key) => seen.has(key));
    if (isCommon || !first || dayOf(now) !== dayOf(first.wanted.now)) return false;
    for (const key of keys) seen.add(key);
    return true;
  });
}
