import { Arg, Ctx, ID, Resolver, Root, Subscription } from 'type-graphql';
import { dayOf } from '../../src/shared/china-time.js';
import type { Topic } from '../../src/shared/live/live-event.js';
import type { LiveSignal } from '../../src/shared/live/live-feed.js';
import { findVisit } from '../../src/visits/find-visits.js';
import { concernsWhole, type HeardVisits, type VisitNews, visitTopics } from '../../src/visits/visit-news.js';
import type { Context } from '../context.js';
import { badUserInput, forbidden } from '../shared/errors.js';
import { idOf } from '../shared/ids.js';
import { liveFeed, NothingToTell } from '../shared/live.js';
import { VisitChangeType } from './visit-change.type.js';

const operation = 'visitChanged';
/** Nobody's id. */
const nobody = 0;

interface Asked {
  stationId?: string | null | undefined;
  elderId?: string | null | undefined;
}

/** Visits as they are booked, begun and done. */
@Resolver()
export class VisitNewsResolver {
  @Subscription(() => VisitChangeType, {
    subscribe: liveFeed(topicsOf),
    description:
      "[caregiver, family, manager] Changes of visits: those of a station, or those to an elder, for a relative with the right BOOKING too; without either the caller's own as a caregiver. FORBIDDEN for a station or an elder that is unknown or outside what the caller's grants cover.",
  })
  async visitChanged(
    @Root() signal: LiveSignal<VisitNews>,
    @Ctx() context: Context,
    @Arg('stationId', () => ID, {
      nullable: true,
      description: 'The home-care station whose visits are listened to; not together with elderId.',
    })
    stationId: string | null | undefined,
    @Arg('elderId', () => ID, { nullable: true, description: 'The elder whose visits are listened to.' })
    elderId: string | null | undefined,
  ): Promise<VisitChangeType> {
    if (signal.kind === 'resync') return { kind: 'RESYNC', visitId: null, version: null, visit: null };
    const { visitId, version } = signal.payload;
    const reach = context.visitReachFor(operation);
    const visit = await context.database.read((manager) =>
      findVisit(manager, visitId, reach, dayOf(context.now)),
    );
    if (visit) return { kind: 'CHANGED', visitId, version, visit };
    if (!concernsWhole(heard({ stationId, elderId }), reach)) throw new NothingToTell();
    return { kind: 'GONE', visitId, version, visit: null };
  }
}

async function topicsOf(asked: Asked, context: Context): Promise<readonly Topic<VisitNews>[]> {
  const reach = context.visitReachFor(operation);
  const wanted = heard(asked);
  const named = [wanted.stationId, wanted.elderId].filter((id) => id !== undefined).length;
  if (named > 1 || (named === 0 && reach.own.stations.length === 0)) {
    const text = { zh: '须指定服务站或老人之一', en: 'either a station or an elder must be named' };
    throw badUserInput(['stationId'], text, context.language);
  }
  const topics = await context.database.read((manager) =>
    visitTopics(manager, wanted, reach, dayOf(context.now)),
  );
  if (!topics) throw forbidden(context.language);
  return topics;
}

function heard({ stationId, elderId }: Asked): HeardVisits {
  const given = (id: string | null | undefined) =>
    typeof id === 'string' ? (idOf(id) ?? nobody) : undefined;
  return { stationId: given(stationId), elderId: given(elderId) };
}
