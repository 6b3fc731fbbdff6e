import type { FastifyBaseLogger } from 'fastify';
import { AuditLinker } from '../audit-log/audit-linker.js';
import { HeadWebhook } from '../audit-log/head-webhook.js';
import { headsFileIn } from '../audit-log/outside-heads.js';
import type { Settings } from '../config/settings.js';
import { systemClock } from '../shared/clock.js';
import type { Database } from '../shared/database.js';

/** What links the audit log while the server runs, as the settings have it. */
export function auditLinkerOf(settings: Settings, database: Database, log: FastifyBaseLogger): AuditLinker {
  const { auditWebhookUrl: url, auditWebhookSecret: secret } = settings;
  const onLost = (error: unknown) => log.error({ err: error }, "the audit log's head could not be posted");
  return new AuditLinker({
    database,
    clock: systemClock,
    headsFile: headsFileIn(settings.dataDir),
    webhook: url === '' ? undefined : new HeadWebhook({ url, secret, onFailure: onLost }),
    headLinks: settings.auditHeadLinks,
    headSeconds: settings.auditHeadSeconds,
    onFailure: (error) => log.error({ err: error }, 'the audit log could not be linked; it is tried again'),
  });
}
