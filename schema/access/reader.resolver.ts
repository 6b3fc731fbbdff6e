import { Arg, Ctx, FieldResolver, ID, Int, Mutation, Query, Resolver, Root } from 'type-graphql';
import { enrolReader } from '../../src/access/enrol-reader.js';
import { countReaders, type ListedReader, listedReader, listReaders } from '../../src/access/list-readers.js';
import { readerState } from '../../src/access/reader-state.js';
import { revokeReader } from '../../src/access/revoke-reader.js';
import { rotateReader } from '../../src/access/rotate-reader.js';
import { countOf } from '../../src/meals/sequence-ranges.rules.js';
import { systemClock } from '../../src/shared/clock.js';
import { isRefusal } from '../../src/shared/refusal.js';
import type { Context } from '../context.js';
import { FacilityType } from '../network/facility.type.js';
import { idOf } from '../shared/ids.js';
import { connectionOf, readPage } from '../shared/paging.js';
import { shownRefusal } from '../shared/refusal.js';
import { MissingSequencesType, ReaderAddressType, ReaderConnectionType, ReaderType } from './reader.type.js';
import { ReaderKeyResultUnion, ReaderResultUnion } from './reader-result.type.js';

const pageSize = 20;
const rangesMax = 20;

/** Stands for an id that is malformed: no row has it. */
const nobody = 0;

/**
 * Card readers and their keys. Keys count by the machine's own time, also where the clock of the business was
 * set, so that is the time by which they are made and taken away.
 */
@Resolver(() => ReaderType)
export class ReaderResolver {
  @Query(() => ReaderConnectionType, {
    description: '[manager] The readers that the caller’s grants cover, in service and revoked.',
  })
  async readers(
    @Ctx() context: Context,
    @Arg('within', () => ID, {
      nullable: true,
      description: 'Only those at this facility or beneath it today.',
    })
    within: string | null | undefined,
    @Arg('first', () => Int, {
      nullable: true,
      defaultValue: pageSize,
      description: 'How many at most, 0 to 200.',
    })
    first: number | null,
    @Arg('after', () => String, { nullable: true, description: 'The endCursor of the page before.' })
    after: string | null | undefined,
  ): Promise<ReaderConnectionType> {
    const { database, services } = context;
    const page = readPage(first ?? pageSize, after, context.language);
    const asked = {
      within: typeof within === 'string' ? (idOf(within) ?? nobody) : undefined,
      scope: context.scopeFor('readers'),
      now: systemClock.now(),
    };
    // What this server has seen is written first, so that a manager who waits for a reader sees it come.
    await services.sightings.flush();
    const rows = await database.read((manager) =>
      listReaders(manager, asked, { afterId: page.afterId, rowsMax: page.first + 1 }),
    );
    const { nodes, ...rest } = connectionOf(rows, page.first, () =>
      database.read((manager) => countReaders(manager, asked)),
    );
    return { ...rest, nodes: nodes.map(shown) };
  }

  @Mutation(() => ReaderKeyResultUnion, {
    description: '[manager] Enrols a reader at an open elder canteen, and shows its key once.',
  })
  async enrolReader(
    @Ctx() context: Context,
    @Arg('canteenId', () => ID, { description: 'The elder canteen, to which the reader stays bound.' })
    canteenId: string,
    @Arg('name', () => String, {
      description: 'What it is called, such as its serial number, 1 to 60 characters.',
    })
    name: string,
  ): Promise<typeof ReaderKeyResultUnion> {
    const scope = context.scopeFor('enrolReader');
    const now = systemClock.now();
    const result = await context.audit.write(
      async (manager) => {
        const opened = await enrolReader(manager, { canteen: idOf(canteenId) ?? nobody, name, now }, scope);
        if (isRefusal(opened)) return opened;
        return { key: opened.token, reader: await listedReader(manager, opened.accountId, { scope, now }) };
      },
      {
        state: async (manager, done) =>
          done && !isRefusal(done) ? readerState(manager, done.reader.id) : undefined,
      },
    );
    return isRefusal(result)
      ? shownRefusal(result, context.language)
      : { key: result.key, reader: shown(result.reader) };
  }

  @Mutation(() => ReaderKeyResultUnion, {
    description:
      '[manager] Makes a new key for a reader, and shows it once. The old one works beside it for the overlap, then it stops by itself.',
  })
  async rotateReader(
    @Ctx() context: Context,
    @Arg('readerId', () => ID, { description: 'The reader.' }) readerId: string,
    @Arg('overlapMinutes', () => Int, {
      nullable: true,
      description:
        'For how many minutes the old key still works, 0 to 43200; 0 for a reader that was lost. What the server is set to when left out.',
    })
    overlapMinutes: number | null | undefined,
  ): Promise<typeof ReaderKeyResultUnion> {
    const scope = context.scopeFor('rotateReader');
    const now = systemClock.now();
    const rotation = {
      accountId: idOf(readerId) ?? nobody,
      overlapMinutes: overlapMinutes ?? context.services.readerKeyOverlapMinutes,
      now,
    };
    const result = await context.audit.write(
      async (manager) => {
        const opened = await rotateReader(manager, rotation, scope);
        if (isRefusal(opened)) return opened;
        return { key: opened.token, reader: await listedReader(manager, opened.accountId, { scope, now }) };
      },
      { state: (manager) => readerState(manager, rotation.accountId) },
    );
    return isRefusal(result)
      ? shownRefusal(result, context.language)
      : { key: result.key, reader: shown(result.reader) };
  }

  @Mutation(() => ReaderResultUnion, {
    description: '[manager] Takes a reader out of service for good, from its next request on.',
  })
  async revokeReader(
    @Ctx() context: Context,
    @Arg('readerId', () => ID, { description: 'The reader.' }) readerId: string,
  ): Promise<typeof ReaderResultUnion> {
    const scope = context.scopeFor('revokeReader');
    const now = systemClock.now();
    const accountId = idOf(readerId) ?? nobody;
    const result = await context.audit.write(
      async (manager) => {
        const revoked = await revokeReader(manager, { accountId, now }, scope);
        return isRefusal(revoked) ? revoked : listedReader(manager, accountId, { scope, now });
      },
      { state: (manager) => readerState(manager, accountId) },
    );
    return isRefusal(result) ? shownRefusal(result, context.language) : shown(result);
  }

  @FieldResolver(() => FacilityType, { description: 'The elder canteen that it is bound to.' })
  canteen(@Root() reader: ReaderType, @Ctx() context: Context): Promise<FacilityType> {
    return context.loaders.facilityById.load(reader.canteenId);
  }

  @FieldResolver(() => [ReaderAddressType], {
    description: 'Where it last called from, the latest first; eight at most.',
  })
  addresses(@Root() reader: ReaderType, @Ctx() context: Context): Promise<ReaderAddressType[]> {
    return context.loaders.addressesByReader.load(Number(reader.id));
  }

  @FieldResolver(() => MissingSequencesType, { description: 'Numbers of its counter that are missing.' })
  async missingSequences(@Root() reader: ReaderType, @Ctx() context: Context): Promise<MissingSequencesType> {
    const missing = await context.loaders.missingSequencesByReader.load(Number(reader.id));
    return { count: countOf(missing), ranges: missing.slice(-rangesMax).reverse() };
  }
}

function shown({ id, ...reader }: ListedReader): ReaderType {
  return { id: String(id), ...reader };
}
