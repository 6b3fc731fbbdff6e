import { Arg, Ctx, FieldResolver, ID, Int, Query, Resolver, Root } from 'type-graphql';
import type { StatementKind, StatementState } from '../../entities/settlement/month-statement.entity.js';
import { findStatement, findStatements } from '../../src/settlement/find-statements.js';
import type { Statement } from '../../src/settlement/read-statement.js';
import type { DisputeState } from '../../src/settlement/statement.rules.js';
import { dayOf } from '../../src/shared/china-time.js';
import { isMonth } from '../../src/shared/month.js';
import type { Context } from '../context.js';
import { FacilityType } from '../network/facility.type.js';
import { badUserInput } from '../shared/errors.js';
import { idOf } from '../shared/ids.js';
import { cursorOf, readPage } from '../shared/paging.js';
import { notFound } from '../shared/refusal.js';
import { DateScalar } from '../shared/scalars.js';
import { settlementOf, settlements } from '../shared/settlements.js';
import {
  CanteenStatementConnectionType,
  CanteenStatementType,
  StatementEventType,
  StatementKindEnum,
  StatementShareType,
  StatementStateEnum,
  StatementSumsType,
} from './statement.type.js';
import { DisputeStateEnum, StatementLineConnectionType, shownStatementLine } from './statement-line.type.js';

const pageSize = 20;
const firstDescription = 'How many at most, 0 to 200.';
const afterDescription = 'The endCursor of the page before.';
const monthDescription = 'The month in China Standard Time, YYYY-MM.';

@Resolver(() => CanteenStatementType)
export class StatementResolver {
  @Query(() => CanteenStatementType, {
    description:
      "[manager] A canteen's, home-care station's or home's statement for a month; a draft when it was never submitted.",
  })
  async canteenStatement(
    @Ctx() context: Context,
    @Arg('canteenId', () => ID, {
      description: 'The facility of the canteen, the home-care station or the home.',
    })
    canteenId: string,
    @Arg('month', () => String, { description: monthDescription }) month: string,
  ): Promise<CanteenStatementType> {
    return statementOf(context, 'canteenStatement', canteenId, month);
  }

  @Query(() => CanteenStatementConnectionType, {
    description:
      '[manager] The statements of a month, one for each canteen, home-care station or home that the caller’s grants cover, those closed within the year before too.',
  })
  async statements(
    @Ctx() context: Context,
    @Arg('month', () => String, { description: monthDescription }) month: string,
    @Arg('within', () => ID, {
      nullable: true,
      description: 'Only of facilities at or beneath this one today.',
    })
    within: string | null | undefined,
    @Arg('state', () => StatementStateEnum, { nullable: true, description: 'Only those in this state.' })
    state: StatementState | null | undefined,
    @Arg('kind', () => StatementKindEnum, {
      nullable: true,
      defaultValue: 'CANTEEN',
      description: 'Whether of canteens, of home-care stations or of homes.',
    })
    kind: StatementKind | null,
    @Arg('first', () => Int, { nullable: true, defaultValue: pageSize, description: firstDescription })
    first: number | null,
    @Arg('after', () => String, { nullable: true, description: afterDescription })
    after: string | null | undefined,
  ): Promise<CanteenStatementConnectionType> {
    checkMonth(month, context);
    const page = readPage(first ?? pageSize, after, context.language);
    const filter = {
      within: typeof within === 'string' ? (idOf(within) ?? 0) : undefined,
      month,
      state: state ?? undefined,
    };
    const rows = { afterId: page.afterId, rowsMax: page.first + 1 };
    const scope = context.scopeFor('statements');
    const found = await context.database.read((manager) =>
      findStatements(manager, settlements[kind ?? 'CANTEEN'], filter, rows, scope, dayOf(context.now)),
    );
    const nodes = found.slice(0, page.first);
    const last = nodes.at(-1);
    return {
      nodes,
      pageInfo: {
        hasNextPage: found.length > page.first,
        endCursor: last ? cursorOf(last.facilityId) : null,
      },
    };
  }

  @Query(() => StatementLineConnectionType, {
    description: '[manager] The lines of a statement: of a draft as they are now, else as submitted.',
  })
  async statementLines(
    @Ctx() context: Context,
    @Arg('canteenId', () => ID, {
      description: 'The facility of the canteen, the home-care station or the home.',
    })
    canteenId: string,
    @Arg('month', () => String, { description: monthDescription }) month: string,
    @Arg('corrections', () => Boolean, {
      nullable: true,
      description: 'True: only corrections of earlier months; false: none of them.',
    })
    corrections: boolean | null | undefined,
    @Arg('disputed', () => DisputeStateEnum, {
      nullable: true,
      description: 'Only lines with such a dispute.',
    })
    disputed: DisputeState | null | undefined,
    @Arg('elderId', () => ID, { nullable: true, description: 'Only those of this elder.' })
    elderId: string | null | undefined,
    @Arg('from', () => DateScalar, { nullable: true, description: 'Only of this day and later ones.' })
    from: string | null | undefined,
    @Arg('to', () => DateScalar, {
      nullable: true,
      description: 'Only up to this day, itself included.',
    })
    to: string | null | undefined,
    @Arg('first', () => Int, { nullable: true, defaultValue: pageSize, description: firstDescription })
    first: number | null,
    @Arg('after', () => String, { nullable: true, description: afterDescription })
    after: string | null | undefined,
  ): Promise<StatementLineConnectionType> {
    const page = readPage(first ?? pageSize, after, context.language);
    const statement = await statementOf(context, 'statementLines', canteenId, month);
    const filter = {
      corrections: corrections ?? undefined,
      disputed: disputed ?? undefined,
      elderId: typeof elderId === 'string' ? (idOf(elderId) ?? 0) : undefined,
      fromDay: from ?? undefined,
      toDay: to ?? undefined,
    };
    const rows = { afterId: page.afterId, rowsMax: page.first + 1 };
    const found = await context.database.read((manager) =>
      settlements[statement.kind].findLines(manager, statement, filter, rows),
    );
    const nodes = found.slice(0, page.first);
    const last = nodes.at(-1);
    return {
      nodes: nodes.map(shownStatementLine),
      pageInfo: { hasNextPage: found.length > page.first, endCursor: last ? cursorOf(last.id) : null },
    };
  }

  @FieldResolver(() => FacilityType, { description: 'The canteen, the home-care station or the home.' })
  canteen(@Root() { facilityId }: CanteenStatementType, @Ctx() context: Context): Promise<FacilityType> {
    return context.loaders.facilityById.load(facilityId);
  }

  @FieldResolver(() => StatementSumsType, {
    description: 'The sums: of a draft as they are now, else as submitted.',
  })
  async sums(@Root() statement: CanteenStatementType, @Ctx() context: Context): Promise<StatementSumsType> {
    const { units, ...sums } = await context.loaders.statementSums.load(statement);
    const of = (kind: StatementKind) => (statement.kind === kind ? units : 0);
    return { ...sums, meals: of('CANTEEN'), visits: of('STATION'), bedDays: of('HOME') };
  }

  @FieldResolver(() => [StatementShareType], { description: 'What each funder owes by it.' })
  shares(@Root() statement: CanteenStatementType, @Ctx() context: Context): Promise<StatementShareType[]> {
    return context.loaders.statementShares.load(statement);
  }

  @FieldResolver(() => [StatementEventType], { description: 'What happened to it, the first step first.' })
  async events(@Root() { id }: CanteenStatementType, @Ctx() context: Context): Promise<StatementEventType[]> {
    return id === null ? [] : context.loaders.statementEvents.load(id);
  }
}

function checkMonth(month: string, { language }: Context): void {
  if (isMonth(month)) return;
  const text = { zh: '须为年-月，如 2026-10', en: 'must be a month such as 2026-10' };
  throw badUserInput(['month'], text, language);
}

async function statementOf(
  context: Context,
  operation: string,
  canteenId: string,
  month: string,
): Promise<Statement> {
  checkMonth(month, context);
  const key = { facilityId: idOf(canteenId) ?? 0, month };
  const scope = context.scopeFor(operation);
  const kind = await settlementOf(context.database, key.facilityId);
  const found = await context.database.read((manager) =>
    findStatement(manager, kind, key, scope, dayOf(context.now)),
  );
  if (found) return found;
  await context.audit.refused(operation, notFound, { canteenId, month });
  throw badUserInput(
    ['canteenId'],
    { zh: '无此食堂、服务站或养老机构', en: 'no such canteen, station or home' },
    context.language,
  );
}
