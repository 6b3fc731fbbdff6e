import { Arg, Ctx, ID, Mutation, Resolver } from 'type-graphql';
import type { LeaveKind } from '../../entities/beds/stay-leave.entity.js';
import type { BedRefusal } from '../../src/beds/bed-refusals.js';
import { changeDischarge } from '../../src/beds/change-discharge.js';
import { cancelAdmission, discharge } from '../../src/beds/discharge.js';
import { holdBed, releaseHold } from '../../src/beds/hold-bed.js';
import { endLeave, startLeave } from '../../src/beds/leave-stay.js';
import type { Stay } from '../../src/beds/read-stays.js';
import { signContract } from '../../src/beds/sign-contract.js';
import { transferStay } from '../../src/beds/transfer-stay.js';
import type { Context } from '../context.js';
import { assignedIdOf, idOf } from '../shared/ids.js';
import { DateScalar, DateTimeScalar } from '../shared/scalars.js';
import { bedReach, requestIdText, shownStayResult, skipReasonText, toldOfStay } from './bed-answer.type.js';
import { BedResultUnion } from './bed-refusal.type.js';
import { LeaveKindEnum } from './bed-state.type.js';

const requestId = { description: requestIdText };
const bedId = { description: 'Which bed.' };
const elderId = {
  description:
    "For whom: an elder of the caller's places, or one who has, had or is to have a bed of theirs.",
};
const stayId = { description: 'Which stay.' };
const note = { nullable: true, description: 'What else is to be kept about it, at most 200 characters.' };

/** Stands for an id that is malformed: no row has it. */
const nobody = 0;

/** What managers do with stays and holds. Each step is one transaction; a refusal writes nothing. */
@Resolver()
export class BedStayResolver {
  @Mutation(() => BedResultUnion, {
    description:
      '[manager] Keeps a bed until expiresAt at the latest; then it is free again by itself. An elder has one hold at a time.',
  })
  async holdBed(
    @Ctx() context: Context,
    @Arg('requestId', () => ID, requestId) request: string,
    @Arg('bedId', () => ID, bedId) bed: string,
    @Arg('elderId', () => ID, elderId) elder: string,
    @Arg('from', () => DateScalar, {
      description: 'The day from which the bed is kept, today or later; not after the day of expiresAt.',
    })
    from: string,
    @Arg('expiresAt', () => DateTimeScalar, {
      description:
        'When the hold ends by itself: as many days ahead as the rule of the type allows, at most.',
    })
    expiresAt: Date,
    @Arg('skipReason', () => String, { nullable: true, description: skipReasonText })
    skip: string | null | undefined,
  ): Promise<typeof BedResultUnion> {
    const { services, accountId: byId, now } = context;
    const id = await services.ids.take(1);
    const ids = { requestId: request, bedId: idOf(bed) ?? nobody, elderId: idOf(elder) ?? nobody };
    const wanted = { id, ...ids, from, expiresAt, skipReason: skip ?? null, byId, now };
    const reach = await bedReach(context, 'holdBed');
    const result = await context.audit.write((manager) => holdBed(manager, wanted, reach), {
      told: toldOfStay,
    });
    return shownStayResult(result, context);
  }

  @Mutation(() => BedResultUnion, {
    description: '[manager] Ends a hold before it expires. Again is as once.',
  })
  async releaseHold(
    @Ctx() context: Context,
    @Arg('stayId', () => ID, { description: 'The hold.' }) stay: string,
  ): Promise<typeof BedResultUnion> {
    const { accountId: byId, now } = context;
    const id = assignedIdOf(stay) ?? nobody;
    const reach = await bedReach(context, 'releaseHold');
    const result = await context.audit.write((manager) => releaseHold(manager, { id, byId, now }, reach), {
      told: toldOfStay,
    });
    return shownStayResult(result, context);
  }

  @Mutation(() => BedResultUnion, {
    description:
      '[manager] From a hold, or straight in; from a day that may lie ahead, or back as far as the rule of the type allows. Other holds of the elder end.',
  })
  async admit(
    @Ctx() context: Context,
    @Arg('requestId', () => ID, requestId) request: string,
    @Arg('bedId', () => ID, bedId) bed: string,
    @Arg('elderId', () => ID, elderId) elder: string,
    @Arg('from', () => DateScalar, { description: 'The first day of the stay.' }) from: string,
    @Arg('holdId', () => ID, {
      nullable: true,
      description:
        'The hold it must come of, which must count still; any hold of the elder on the bed without it.',
    })
    hold: string | null | undefined,
    @Arg('contractSignedOn', () => DateScalar, {
      nullable: true,
      description: 'When the contract was signed; where the rule says so, it has to be by the first day.',
    })
    contractSignedOn: string | null | undefined,
    @Arg('skipReason', () => String, { nullable: true, description: skipReasonText })
    skipReason: string | null | undefined,
  ): Promise<typeof BedResultUnion> {
    const { services, accountId: byId, now } = context;
    const wanted = {
      skipReason: skipReason ?? null,
      id: await services.ids.take(1),
      requestId: request,
      bedId: idOf(bed) ?? nobody,
      elderId: idOf(elder) ?? nobody,
      from,
      holdId: hold === null || hold === undefined ? null : (assignedIdOf(hold) ?? nobody),
      contractSignedOn: contractSignedOn ?? null,
      byId,
      now,
    };
    const reach = await bedReach(context, 'admit');
    const result = await context.audit.writeBy<Stay | BedRefusal>(
      (write) => services.admissions.admit({ wanted, reach, write }),
      { told: toldOfStay },
    );
    return shownStayResult(result, context);
  }

  @Mutation(() => BedResultUnion, {
    description:
      "[manager] One step: the old stay ends and the new one begins on that day, or nothing changes. Both beds lie in the caller's places; another facility is asked with askTransfer.",
  })
  async transferStay(
    @Ctx() context: Context,
    @Arg('requestId', () => ID, requestId) request: string,
    @Arg('stayId', () => ID, stayId) stay: string,
    @Arg('bedId', () => ID, { description: 'The bed to move to.' }) bed: string,
    @Arg('on', () => DateScalar, { description: 'The first day in the new bed.' }) on: string,
    @Arg('skipReason', () => String, { nullable: true, description: skipReasonText })
    skip: string | null | undefined,
  ): Promise<typeof BedResultUnion> {
    const { services, accountId: byId, now } = context;
    const id = await services.ids.take(1);
    const ids = { requestId: request, stayId: assignedIdOf(stay) ?? nobody, bedId: idOf(bed) ?? nobody };
    const wanted = { id, ...ids, on, skipReason: skip ?? null, byId, now };
    const reach = await bedReach(context, 'transferStay');
    const result = await context.audit.write(
      (manager) => transferStay(manager, wanted, reach, services.afterStays),
      { told: toldOfStay },
    );
    return shownStayResult(result, context);
  }

  @Mutation(() => BedResultUnion, {
    description:
      '[manager] The resident goes away for a time; the bed is kept, for so many days of a year as the rule of the type says.',
  })
  async startLeave(
    @Ctx() context: Context,
    @Arg('stayId', () => ID, stayId) stay: string,
    @Arg('on', () => DateScalar, { description: 'The first day away.' }) on: string,
    @Arg('kind', () => LeaveKindEnum, {
      nullable: true,
      defaultValue: 'HOME',
      description: 'Where the resident goes.',
    })
    kind: LeaveKind | null,
    @Arg('expectedBackOn', () => DateScalar, {
      nullable: true,
      description: 'The first day on which the resident is thought to be back.',
    })
    expectedBackOn: string | null | undefined,
  ): Promise<typeof BedResultUnion> {
    const { services, accountId: byId, now } = context;
    const id = await services.ids.take(1);
    const leave = { id, stayId: assignedIdOf(stay) ?? nobody, on, kind: kind ?? ('HOME' as const) };
    const wanted = { ...leave, expectedBackOn: expectedBackOn ?? null, byId, now };
    const reach = await bedReach(context, 'startLeave');
    const result = await context.audit.write(
      (manager) => startLeave(manager, wanted, reach, services.afterStays),
      { told: toldOfStay },
    );
    return shownStayResult(result, context);
  }

  @Mutation(() => BedResultUnion, {
    description: '[manager] The resident is back. On the day on which the leave began it is taken back.',
  })
  async endLeave(
    @Ctx() context: Context,
    @Arg('stayId', () => ID, stayId) stay: string,
    @Arg('on', () => DateScalar, { description: 'The first day back.' }) on: string,
  ): Promise<typeof BedResultUnion> {
    const { services, accountId: byId, now } = context;
    const wanted = { stayId: assignedIdOf(stay) ?? nobody, on, byId, now };
    const reach = await bedReach(context, 'endLeave');
    const result = await context.audit.write(
      (manager) => endLeave(manager, wanted, reach, services.afterStays),
      { told: toldOfStay },
    );
    return shownStayResult(result, context);
  }

  @Mutation(() => BedResultUnion, {
    description:
      "[manager] Ends a stay; the bed is free from that day on. A death ends the elder's file too, and all that hangs on it.",
  })
  async discharge(
    @Ctx() context: Context,
    @Arg('stayId', () => ID, stayId) stay: string,
    @Arg('on', () => DateScalar, { description: 'The first day that is no longer part of the stay.' })
    on: string,
    @Arg('reason', () => String, { description: 'Why: a code of dischargeReasons; kept with the stay.' })
    reason: string,
    @Arg('note', () => String, note) text: string | null | undefined,
  ): Promise<typeof BedResultUnion> {
    const { services, accountId: byId, now } = context;
    const wanted = { stayId: assignedIdOf(stay) ?? nobody, on, reason, note: text ?? null, byId, now };
    const reach = await bedReach(context, 'discharge');
    const result = await context.audit.write(
      (manager) => discharge(manager, wanted, reach, services.afterElderEnds, services.afterStays),
      { told: toldOfStay },
    );
    return shownStayResult(result, context);
  }

  @Mutation(() => BedResultUnion, {
    description:
      '[manager] Moves a discharge that lies ahead to another day, or takes it back; the reason stays. Refused with WRONG_STATE when none lies ahead, or the stay goes on elsewhere; with BED_NOT_FREE when another has the bed by then.',
  })
  async changeDischarge(
    @Ctx() context: Context,
    @Arg('stayId', () => ID, stayId) stay: string,
    @Arg('on', () => DateScalar, {
      nullable: true,
      description: 'The new first day that is no longer part of the stay; the resident stays on without it.',
    })
    on: string | null | undefined,
  ): Promise<typeof BedResultUnion> {
    const { services, accountId: byId, now } = context;
    const wanted = { stayId: assignedIdOf(stay) ?? nobody, on: on ?? null, byId, now };
    const reach = await bedReach(context, 'changeDischarge');
    const result = await context.audit.write(
      (manager) => changeDischarge(manager, wanted, reach, services.afterStays),
      { told: toldOfStay },
    );
    return shownStayResult(result, context);
  }

  @Mutation(() => BedResultUnion, {
    description: '[manager] Takes a reservation back before its first day. Again is as once.',
  })
  async cancelAdmission(
    @Ctx() context: Context,
    @Arg('stayId', () => ID, stayId) stay: string,
    @Arg('note', () => String, note) text: string | null | undefined,
  ): Promise<typeof BedResultUnion> {
    const { accountId: byId, now } = context;
    const wanted = { stayId: assignedIdOf(stay) ?? nobody, note: text ?? null, byId, now };
    const reach = await bedReach(context, 'cancelAdmission');
    const result = await context.audit.write((manager) => cancelAdmission(manager, wanted, reach), {
      told: toldOfStay,
    });
    return shownStayResult(result, context);
  }

  @Mutation(() => BedResultUnion, {
    description: '[manager] Notes when the contract of a stay was signed, in the place of what was noted.',
  })
  async signContract(
    @Ctx() context: Context,
    @Arg('stayId', () => ID, stayId) stay: string,
    @Arg('on', () => DateScalar, { description: 'The day of the signature, not after today.' }) on: string,
  ): Promise<typeof BedResultUnion> {
    const { accountId: byId, now } = context;
    const wanted = { stayId: assignedIdOf(stay) ?? nobody, on, byId, now };
    const reach = await bedReach(context, 'signContract');
    const result = await context.audit.write((manager) => signContract(manager, wanted, reach), {
      told: toldOfStay,
    });
    return shownStayResult(result, context);
  }
}
