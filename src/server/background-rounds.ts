import type { FastifyBaseLogger } from 'fastify';
import type { Services } from '../../schema/context.js';
import { dropOldNotices, sendNotices } from '../access/notices/send-notices.js';
import { offerFreeBeds } from '../beds/offer-free-beds.js';
import { passOffersOn } from '../beds/pass-offers-on.js';
import type { Settings } from '../config/settings.js';
import { noSpans } from '../elders/institution-stays.js';
import { callOffAllAwayMeals } from '../meals/deliveries/call-off-away-meals.js';
import { Rounds } from '../shared/rounds.js';
import type { Metrics } from './metrics.js';

/** How often it is looked for messages that are due, in milliseconds. */
const noticePauseMs = 5_000;

/** What the server does again and again beside its requests, as far as the settings do not leave it to others. */
export function backgroundRounds(
  settings: Settings,
  services: Services,
  { metrics, log }: { metrics: Metrics; log: FastifyBaseLogger },
): Rounds[] {
  const rounds: Rounds[] = [];
  if (settings.offerScanSeconds > 0) {
    rounds.push(
      offerRounds(services, settings.offerScanSeconds * 1000, (error) =>
        log.error({ err: error }, 'a bed could not be offered; it is tried again'),
      ),
    );
  }
  if (settings.visitScanSeconds > 0) {
    rounds.push(
      awayMealRounds(services, settings.visitScanSeconds * 1000, (error) =>
        log.error(
          { err: error },
          'a meal of an elder who is away could not be called off; it is tried again',
        ),
      ),
    );
  }
  if (settings.noticesPerMinute > 0) rounds.push(noticeRounds(settings, services, { metrics, log }));
  return rounds;
}

function offerRounds(
  { database, ids, clock }: Services,
  pauseMs: number,
  onFailure: (error: unknown) => void,
): Rounds {
  let afterBedId = 0;
  return new Rounds({
    pauseMs,
    async work(isStopped) {
      const round = { ids, now: clock.now(), isStopped, onFailure };
      await passOffersOn(database, round);
      ({ afterBedId } = await offerFreeBeds(database, { ...round, afterBedId }));
    },
    onFailure,
  });
}

/** Several servers may look at once: each elder is locked, and called off again is as once. */
function awayMealRounds(
  { database, clock, awaySpans = noSpans }: Services,
  pauseMs: number,
  onFailure: (error: unknown) => void,
): Rounds {
  return new Rounds({
    pauseMs,
    work: (isStopped) => callOffAllAwayMeals(database, awaySpans, clock.now(), { isStopped, onFailure }),
    onFailure,
  });
}

function noticeRounds(
  { noticesPerMinute, noticeLanguage: language }: Settings,
  { database, clock, families, staff }: Services,
  { metrics, log }: { metrics: Metrics; log: FastifyBaseLogger },
): Rounds {
  const attemptsPerRound = Math.ceil((noticesPerMinute * noticePauseMs) / 60_000);
  const onFailure = (error: unknown) =>
    log.warn({ err: error }, 'a notice could not be sent; it is tried again');
  return new Rounds({
    pauseMs: noticePauseMs,
    async work(isStopped) {
      const now = clock.now();
      const { messages } = families;
      if (messages) {
        await sendNotices(database, {
          ...{ messages, language, attemptsPerRound, now, isStopped, onFailure },
          rightsAt: staff.clock.now(),
          onOutcome: (outcome) => metrics.noticeEnded(outcome),
        });
      }
      if (!isStopped()) await dropOldNotices(database, now);
    },
    onFailure: (error) => log.error({ err: error }, 'notices could not be sent; it is tried again'),
  });
}
