import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { GraphQLError } from 'graphql';
import { settlementOf, settlements } from '../../schema/shared/settlements.js';
import { mayAsk } from '../access/caller.js';
import { done } from '../audit-log/audit-record.js';
import { StatementInMotion, statementSheet } from '../settlement/export-statement.js';
import { findStatement } from '../settlement/find-statements.js';
import type { Statement } from '../settlement/read-statement.js';
import { contentTypes, type Sheet, type SheetFormat, sheetBytes } from '../settlement/spreadsheet.js';
import { dayOf } from '../shared/china-time.js';
import { isMonth } from '../shared/month.js';
import type { RequestContext } from './context.js';
import { type HttpRefusal, notFound, refuse } from './http-errors.js';
import { languageOf } from './language.js';
import type { RateLimits } from './rate-limits.js';

export interface ExportsOptions {
  contextOf(request: FastifyRequest): Promise<RequestContext>;
  limits: RateLimits;
}

/** Whoever may read a statement's lines may download them. */
const operation = 'statementLines';
/** What the audit log calls a download. */
const recordedAs = 'exportStatement';

const unauthenticated: HttpRefusal = {
  status: 401,
  code: 'UNAUTHENTICATED',
  text: { zh: '令牌缺失、未知或已吊销', en: 'The token is missing, unknown or revoked' },
};

const inMotion: HttpRefusal = {
  status: 409,
  code: 'STATEMENT_CHANGES',
  text: {
    zh: '结算单正在变动，请稍后重试',
    en: 'The statement is changing at the moment; try again later',
  },
};

const forbidden: HttpRefusal = {
  status: 403,
  code: 'FORBIDDEN',
  text: { zh: '您没有此项权限', en: 'You may not do this' },
};

/** GET /exports/statements/<canteen, station or home>/<month>.xlsx or .csv: guarded, limited and recorded as the graph is. */
export function addExports(app: FastifyInstance, { contextOf, limits }: ExportsOptions): void {
  app.get('/exports/statements/:facilityId/:file', async (request, reply) => {
    // Names and money must not lie in anybody's cache.
    reply.header('cache-control', 'no-store');
    try {
      const context = await contextOf(request);
      await limits.chargeDownload(context, recordedAs);
      return await answer(context, request, reply);
    } catch (error) {
      const refusal = rateRefusalOf(error, request);
      if (!refusal) throw error;
      return refuse(reply.header('retry-after', refusal.retryAfter), refusal);
    }
  });
}

async function answer(
  context: RequestContext,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const { caller, audit } = context;
  const refusal =
    !caller || caller.revoked ? unauthenticated : mayAsk(caller, operation) ? undefined : forbidden;
  if (refusal) {
    await audit.refused(recordedAs, refusal.code);
    return refuse(reply, refusal);
  }
  const asked = askedOf(request);
  const statement = asked && (await statementOf(context, asked));
  if (!asked || !statement) {
    await audit.refused(recordedAs, notFound.code, asked);
    return refuse(reply, notFound);
  }
  return send(context, reply, statement, asked.format);
}

interface Asked {
  facilityId: number;
  month: string;
  format: SheetFormat;
}

/** What the address asks for; undefined when it is none of ours. */
function askedOf({ params }: FastifyRequest): Asked | undefined {
  const { facilityId, file } = params as { facilityId: string; file: string };
  const [, month = '', format] = /^(\d{4}-\d\d)\.(xlsx|csv)$/.exec(file) ?? [];
  if (!/^[1-9]\d{0,8}$/.test(facilityId) || !isMonth(month)) return undefined;
  return { facilityId: Number(facilityId), month, format: format as SheetFormat };
}

async function statementOf(
  context: RequestContext,
  { facilityId, month }: Asked,
): Promise<Statement | undefined> {
  const scope = context.scopeFor(operation);
  const kind = await settlementOf(context.database, facilityId);
  return context.database.read((manager) =>
    findStatement(manager, kind, { facilityId, month }, scope, dayOf(context.now)),
  );
}

async function send(
  context: RequestContext,
  reply: FastifyReply,
  statement: Statement,
  format: SheetFormat,
): Promise<FastifyReply> {
  const { facilityId, month, id } = statement;
  const sheet = await sheetOf(context, statement);
  if (!sheet) return refuse(reply, inMotion);
  // On the disk before the first byte leaves.
  const subject = id === null ? null : `statement:${id}`;
  const details = JSON.stringify({ month, format });
  await context.audit.note({ operation: recordedAs, result: done, facilityId, subject, details });
  const name = `statement-${facilityId}-${month}.${format}`;
  return reply
    .header('content-disposition', `attachment; filename="${name}"`)
    .type(contentTypes[format])
    .send(sheetBytes(format, sheet));
}

/** Undefined when the statement changed as often as it was read. */
async function sheetOf(context: RequestContext, statement: Statement): Promise<Sheet | undefined> {
  try {
    return await statementSheet(context.database, {
      kind: settlements[statement.kind],
      statement,
      now: context.now,
      wholeIn: context.identityScope,
      onWhole: (elderIds) =>
        context.noteIdentityLooks(elderIds.map((elderId) => ({ elderId, field: 'idNumber' }))),
    });
  } catch (error) {
    if (error instanceof StatementInMotion) return undefined;
    throw error;
  }
}

/** The refusal of a caller who asks too often, as the graph's limits throw it; undefined for any other error. */
function rateRefusalOf(
  error: unknown,
  request: FastifyRequest,
): (HttpRefusal & { retryAfter: string }) | undefined {
  if (!(error instanceof GraphQLError) || error.extensions.code !== 'RATE_LIMITED') return undefined;
  const language = languageOf(request.headers['accept-language']);
  const text = {
    zh: '请求过于频繁，请稍后重试',
    en: 'Too many requests; try again later',
    [language]: error.message,
  };
  return {
    status: 429,
    code: 'RATE_LIMITED',
    text,
    retryAfter: String(error.extensions.retryAfterSeconds ?? 1),
  };
}
