import { randomUUID } from 'node:crypto';
import { Arg, Ctx, Float, ID, Mutation, Resolver } from 'type-graphql';
import { dayOf } from '../../src/shared/china-time.js';
import { isRefusal } from '../../src/shared/refusal.js';
import { careVisitState } from '../../src/visits/care-state.js';
import type { CheckRefusal } from '../../src/visits/check-refusals.js';
import { endVisit } from '../../src/visits/end-visit.js';
import { findVisit, findVisits } from '../../src/visits/find-visits.js';
import type { GivenCheck } from '../../src/visits/given-check.rules.js';
import { checksAtOnceMax, type RecordedCheck, recordChecks } from '../../src/visits/record-checks.js';
import type { Context } from '../context.js';
import { badUserInput } from '../shared/errors.js';
import { idOf } from '../shared/ids.js';
import { shownRefusal } from '../shared/refusal.js';
import { DateTimeScalar } from '../shared/scalars.js';
import type { ShownVisit } from './visit.type.js';
import { VisitCheckInput } from './visit-check.input.js';
import { VisitCheckResultType } from './visit-check.type.js';
import { type VisitRefusalType, VisitResultUnion } from './visit-refusal.type.js';

const visitId = "Which visit: one of the caller's own.";
const at =
  "The clock of the caregiver's device at that moment; refused when it is far from the server's, or when the visit cannot be checked into then.";
const latitude = 'Where the caregiver stands, in degrees north (WGS 84).';
const longitude = 'Where the caregiver stands, in degrees east (WGS 84).';
const tag = 'The text that was read of a QR or NFC tag at the door, at most 100 characters.';
const requestId = 'A UUID; sending it again returns the visit as it stands and writes nothing.';
const offline =
  'True for a tap that the device stored because it could not ask: what would be refused live is recorded for review. Many are uploaded by recordVisitChecks.';

/** A tap with all that may be left out. */
interface Tapped {
  visitId: string;
  at: Date;
  latitude: number;
  longitude: number;
  tag: string | null | undefined;
  requestId: string | null | undefined;
  offline: boolean;
}

/** Carrying a visit out. */
@Resolver()
export class VisitCareResolver {
  @Mutation(() => VisitResultUnion, {
    description: "[caregiver] The caregiver has arrived at the elder's home.",
  })
  checkIn(
    @Ctx() context: Context,
    @Arg('visitId', () => ID, { description: visitId }) visit: string,
    @Arg('at', () => DateTimeScalar, { description: at }) tappedAt: Date,
    @Arg('latitude', () => Float, { description: latitude }) north: number,
    @Arg('longitude', () => Float, { description: longitude }) east: number,
    @Arg('tag', () => String, { nullable: true, description: tag }) read: string | null | undefined,
    @Arg('requestId', () => ID, { nullable: true, description: requestId }) id: string | null | undefined,
    @Arg('offline', () => Boolean, { defaultValue: false, description: offline }) wasOffline: boolean,
  ): Promise<typeof VisitResultUnion> {
    const tapped = { visitId: visit, at: tappedAt, latitude: north, longitude: east };
    return tap(context, 'checkIn', { ...tapped, tag: read, requestId: id, offline: wasOffline });
  }

  @Mutation(() => VisitResultUnion, {
    description: '[caregiver] The caregiver leaves; the visit is done when all have left.',
  })
  checkOut(
    @Ctx() context: Context,
    @Arg('visitId', () => ID, { description: visitId }) visit: string,
    @Arg('at', () => DateTimeScalar, { description: at }) tappedAt: Date,
    @Arg('latitude', () => Float, { description: latitude }) north: number,
    @Arg('longitude', () => Float, { description: longitude }) east: number,
    @Arg('tag', () => String, { nullable: true, description: tag }) read: string | null | undefined,
    @Arg('requestId', () => ID, { nullable: true, description: requestId }) id: string | null | undefined,
    @Arg('offline', () => Boolean, { defaultValue: false, description: offline }) wasOffline: boolean,
  ): Promise<typeof VisitResultUnion> {
    const tapped = { visitId: visit, at: tappedAt, latitude: north, longitude: east };
    return tap(context, 'checkOut', { ...tapped, tag: read, requestId: id, offline: wasOffline });
  }

  @Mutation(() => [VisitCheckResultType], {
    description:
      '[caregiver] 1 to 200 taps that the device stored while it could not ask; one result for each, in their order. They may be uploaded in any order and again: what they lead to is the same.',
  })
  async recordVisitChecks(
    @Ctx() context: Context,
    @Arg('input', () => [VisitCheckInput], { description: 'The taps.' }) input: VisitCheckInput[],
  ): Promise<VisitCheckResultType[]> {
    if (input.length < 1 || input.length > checksAtOnceMax) {
      const text = { zh: `须为 1 至 ${checksAtOnceMax} 条`, en: `must be 1 to ${checksAtOnceMax} taps` };
      throw badUserInput(['input'], text, context.language);
    }
    const reach = context.visitReachFor('recordVisitChecks');
    const checks = input.map(storedCheck);
    const answers = await context.audit.write(
      (manager) => recordChecks(manager, checks, reach, context.now),
      {
        told: (results) => ({ asked: toldOf(results) }),
      },
    );
    context.forgetLoaders();
    const ids = answers.flatMap((answer) => (isRefusal(answer) ? [] : [answer.visitId]));
    const visits = await context.database.read((manager) =>
      findVisits(manager, [...new Set(ids)], reach, dayOf(context.now)),
    );
    return answers.map((answer, index) => {
      const { requestId: sent = '' } = input[index] ?? {};
      if (isRefusal(answer)) {
        const refusal = shownVisitRefusal(answer, context);
        return { requestId: sent, outcome: 'REFUSED', replayed: false, refusal, visit: null };
      }
      const outcome = answer.isForReview ? 'FOR_REVIEW' : 'RECORDED';
      const visit = visits.find(({ id }) => id === answer.visitId) ?? null;
      return { requestId: sent, outcome, replayed: answer.isReplayed, refusal: null, visit };
    });
  }

  @Mutation(() => VisitResultUnion, {
    description:
      '[manager] Ends a visit in the place of a caregiver who did not check out, or of one of two who never came. Its evidence asks for a look by somebody else.',
  })
  async endVisit(
    @Ctx() context: Context,
    @Arg('visitId', () => ID, { description: 'A visit that is in progress.' }) visit: string,
    @Arg('at', () => DateTimeScalar, {
      description: 'When it ended, as far as is known: not before it began, and not in the future.',
    })
    endedAt: Date,
    @Arg('reason', () => String, { description: 'Why, 1 to 200 characters; kept with the visit.' })
    reason: string,
  ): Promise<typeof VisitResultUnion> {
    const id = idOf(visit) ?? 0;
    const reach = context.visitReachFor('endVisit');
    const { accountId: byId, now } = context;
    const result = await context.audit.write(
      (manager) => endVisit(manager, { visitId: id, at: endedAt, reason, byId, now }, reach),
      { state: (manager) => careVisitState(manager, id) },
    );
    return answerWith(context, 'endVisit', result);
  }
}

async function tap(
  context: Context,
  operation: 'checkIn' | 'checkOut',
  tapped: Tapped,
): Promise<typeof VisitResultUnion> {
  const id = idOf(tapped.visitId) ?? 0;
  const reach = context.visitReachFor(operation);
  const check: GivenCheck = {
    requestId: tapped.requestId ?? randomUUID(),
    visitId: id,
    kind: operation === 'checkIn' ? 'IN' : 'OUT',
    at: tapped.at,
    sentAt: null,
    latitude: tapped.latitude,
    longitude: tapped.longitude,
    accuracyMetres: null,
    tag: tapped.tag ?? null,
    isOffline: tapped.offline,
  };
  const result = await context.audit.write(
    async (manager) =>
      (await recordChecks(manager, [check], reach, context.now))[0] as RecordedCheck | CheckRefusal,
    { state: (manager) => careVisitState(manager, id) },
  );
  return answerWith(context, operation, result);
}

function storedCheck(input: VisitCheckInput): GivenCheck {
  return {
    requestId: input.requestId,
    visitId: idOf(input.visitId) ?? 0,
    kind: input.kind,
    at: input.at,
    sentAt: input.sentAt ?? null,
    latitude: input.latitude ?? null,
    longitude: input.longitude ?? null,
    accuracyMetres: input.accuracyMetres ?? null,
    tag: input.tag ?? null,
    isOffline: true,
  };
}

/** One record for an upload: which visits it was about, and what was refused. */
function toldOf(results: readonly (RecordedCheck | CheckRefusal)[]): object {
  const recorded = results.filter((result): result is RecordedCheck => !isRefusal(result));
  const refused = results.filter((result): result is CheckRefusal => isRefusal(result));
  return {
    taps: results.length,
    replayed: recorded.filter(({ isReplayed }) => isReplayed).length,
    forReview: recorded.filter(({ isForReview }) => isForReview).length,
    visits: [...new Set(recorded.map(({ visitId }) => String(visitId)))].slice(0, 20),
    refused: [...new Set(refused.map(({ refused: code }) => code))],
  };
}

/** The visit as it stands after it, or why nothing changed. */
async function answerWith(
  context: Context,
  operation: string,
  result: { visitId: number } | CheckRefusal,
): Promise<ShownVisit | VisitRefusalType> {
  if (isRefusal(result)) return shownVisitRefusal(result, context);
  context.forgetLoaders();
  const reach = context.visitReachFor(operation);
  const visit = await context.database.read((manager) =>
    findVisit(manager, result.visitId, reach, dayOf(context.now)),
  );
  if (!visit) throw new Error(`visit ${result.visitId} vanished while it was carried out`);
  return visit;
}

function shownVisitRefusal(refusal: CheckRefusal, { language }: Context): VisitRefusalType {
  const { code, message, field } = shownRefusal(refusal, language);
  return { code, message, field: field ? [...field] : null, alternatives: [] };
}
