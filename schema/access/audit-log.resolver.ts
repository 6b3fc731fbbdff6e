import { Arg, Ctx, FieldResolver, ID, Int, Query, Resolver, Root } from 'type-graphql';
import {
  type AuditFilter,
  type AuditPosition,
  findAuditRecords,
} from '../../src/access/find-audit-records.js';
import { dayOf } from '../../src/shared/china-time.js';
import type { Context } from '../context.js';
import { FacilityType } from '../network/facility.type.js';
import { badUserInput } from '../shared/errors.js';
import { idOf } from '../shared/ids.js';
import { readPage } from '../shared/paging.js';
import { DateTimeScalar } from '../shared/scalars.js';
import { AuditRecordConnectionType, AuditRecordType, shownAuditRecord } from './audit-record.type.js';

const pageSize = 50;

/** Stands for an id that is malformed: no row has it. */
const nobody = 0;

@Resolver(() => AuditRecordType)
export class AuditLogResolver {
  @Query(() => AuditRecordConnectionType, {
    description:
      '[auditor] The audit log within the caller’s grants, as the tree stands today, the newest first. A record without a place is shown to those whose grant covers a whole city.',
  })
  async auditLog(
    @Ctx() context: Context,
    @Arg('person', () => ID, { nullable: true, description: 'Only what this account did.' })
    person: string | null | undefined,
    @Arg('elder', () => ID, { nullable: true, description: 'Only what was about this elder.' })
    elder: string | null | undefined,
    @Arg('place', () => ID, {
      nullable: true,
      description: 'Only what was about this facility or one beneath it today.',
    })
    place: string | null | undefined,
    @Arg('from', () => DateTimeScalar, { nullable: true, description: 'The first instant asked about.' })
    from: Date | null | undefined,
    @Arg('to', () => DateTimeScalar, {
      nullable: true,
      description: 'The end of the time asked about, itself left out.',
    })
    to: Date | null | undefined,
    @Arg('operation', () => String, {
      nullable: true,
      description: 'Only this operation, such as topUpCard.',
    })
    operation: string | null | undefined,
    @Arg('result', () => String, {
      nullable: true,
      description: 'Only this result, such as DONE or FORBIDDEN.',
    })
    result: string | null | undefined,
    @Arg('first', () => Int, {
      nullable: true,
      defaultValue: pageSize,
      description: 'How many at most, 0 to 200.',
    })
    first: number | null,
    @Arg('after', () => String, { nullable: true, description: 'The endCursor of the page before.' })
    after: string | null | undefined,
  ): Promise<AuditRecordConnectionType> {
    const { first: rows } = readPage(first ?? pageSize, undefined, context.language);
    const page = { after: positionOf(after, context), rowsMax: rows + 1 };
    const filter: AuditFilter = {
      accountId: idGiven(person),
      elderId: idGiven(elder),
      within: idGiven(place),
      from: from ?? undefined,
      to: to ?? undefined,
      operation: operation ?? undefined,
      result: result ?? undefined,
    };
    const scope = context.scopeFor('auditLog');
    const found = await context.database.read((manager) =>
      findAuditRecords(manager, filter, page, scope, dayOf(context.now)),
    );
    const shown = found.slice(0, rows);
    const last = shown.at(-1);
    return {
      nodes: shown.map(shownAuditRecord),
      pageInfo: { hasNextPage: found.length > rows, endCursor: last ? cursorOf(last) : null },
    };
  }

  @FieldResolver(() => FacilityType, {
    nullable: true,
    description:
      'The place it was about; where none is known, that of the caller’s grant; null for a caller without one.',
  })
  async facility(@Root() record: AuditRecordType, @Ctx() context: Context): Promise<FacilityType | null> {
    if (record.facilityId === null) return null;
    return (await context.loaders.facilityById.load(record.facilityId)) ?? null;
  }
}

function idGiven(id: string | null | undefined): number | undefined {
  return id === null || id === undefined ? undefined : (idOf(id) ?? nobody);
}

function cursorOf({ at, id }: AuditPosition): string {
  return Buffer.from(`at:${at}:${id}`).toString('base64url');
}

function positionOf(after: string | null | undefined, { language }: Context): AuditPosition | undefined {
  if (after === null || after === undefined) return undefined;
  const [, at, id] =
    /^at:(\d{1,15}):(\d{1,15})$/.exec(Buffer.from(after, 'base64url').toString('utf8')) ?? [];
  if (at !== undefined && id !== undefined) return { at: Number(at), id: Number(id) };
  const text = { zh: '不是有效的游标', en: 'is not a cursor of this connection' };
  throw badUserInput(['after'], text, language);
}
