import { userInfo } from 'node:os';
import type { Command } from 'commander';
import type { EntityManager } from 'typeorm';
import { showProgress } from '../../seeds/progress.js';
import { writeOnRecord } from '../audit-log/write-on-record.js';
import { facilityByCode } from '../network/find-facilities.js';
import { type ClosedMonth, closeMonth } from '../settlement/close-month.js';
import { stateOfLocked } from '../settlement/read-statement.js';
import { systemClock } from '../shared/clock.js';
import type { Database } from '../shared/database.js';
import { IdBlocks } from '../shared/ids.js';
import { operator, Refused, refuseFlag, type Surroundings, withDatabase } from './carry-out.js';
import { month, settlements } from './settlements.js';
import { addExportCommands } from './statement-export-commands.js';

export function addStatementCommands(statement: Command, surroundings: Surroundings): void {
  addExportCommands(statement, surroundings);
  statement
    .command('close')
    .description(
      'submit the statements of a month that is over, for every canteen, home-care station and home at or beneath a facility; it may be stopped and run again',
    )
    .requiredOption('--month <month>', 'such as 2026-10', month)
    .requiredOption('--within <code>', "the facility's code")
    .action(async (flags: { month: string; within: string }) => {
      const closed = await withDatabase(surroundings, (database) => close(database, flags, surroundings));
      report(closed, surroundings);
    });
}

async function close(
  database: Database,
  { month, within: code }: { month: string; within: string },
  surroundings: Surroundings,
): Promise<ClosedMonth> {
  const facility = await database.read((manager) => facilityByCode(manager, code));
  if (!facility)
    return refuseFlag(surroundings, {
      zh: `没有编号为“${code}”的机构`,
      en: `no facility has the code ${code}`,
    });
  const ids = new IdBlocks(database, 100);
  const asked = { month, within: facility.id, systemUser: userInfo().username };
  const closed: ClosedMonth = { submitted: 0, refused: [] };
  for (const kind of Object.values(settlements)) {
    let progress: ReturnType<typeof showProgress> | undefined;
    try {
      const ofKind = await closeMonth(database, {
        kind,
        month,
        within: facility.id,
        now: systemClock.now(),
        async write(facilityId, work) {
          const record = {
            ...{ id: await ids.take(1), at: systemClock.now(), actor: operator(), asked },
            operation: 'cli statement close',
          };
          const state = (manager: EntityManager) => stateOfLocked(manager, kind, { facilityId, month });
          return database.write((manager) =>
            writeOnRecord(manager, { ...record, state: () => state(manager) }, work),
          );
        },
        onProgress(done, total) {
          progress ??= showProgress(surroundings.showsProgress ?? false, '结算 Closing', total);
          progress.update(done);
        },
      });
      closed.submitted += ofKind.submitted;
      closed.refused.push(...ofKind.refused);
    } finally {
      progress?.stop();
    }
  }
  return closed;
}

function report({ submitted, refused }: ClosedMonth, { print, complain }: Surroundings): void {
  print(`${submitted} statements were submitted.\n`);
  for (const { facilityId, refusal } of refused.slice(0, 20)) {
    complain(`Facility ${facilityId}: ${refusal.message.en}. ${refusal.message.zh}。\n`);
  }
  if (refused.length === 0) return;
  complain(`${refused.length} statements were not submitted.\n`);
  throw new Refused('some statements were not submitted');
}
