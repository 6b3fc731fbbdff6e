import { isIP } from 'node:net';
import type { FastifyRequest } from 'fastify';
import { Context, type Services } from '../../schema/context.js';
import type { Authenticator } from '../access/authenticate.js';
import { type Caller, canteenOf } from '../access/caller.js';
import { systemClock } from '../shared/clock.js';
import type { Language } from '../shared/text.js';
import { languageOf } from './language.js';
import type { RateLimits } from './rate-limits.js';
import { unreadableIn } from './unreadable-swipes.js';

/** What the log and the errors say of a request, or of a subscription. */
export interface AskedRequest {
  id: string;
  /** The operation that GraphQL found in it. */
  operation: string | undefined;
}

/** The context that resolvers see, and beside it the request that the log and the errors speak of. */
export class RequestContext extends Context {
  constructor(
    services: Services,
    caller: Caller | undefined,
    language: Language,
    /** As the proxies that are trusted tell it. */
    address: string | null,
    readonly request: AskedRequest,
    /** No resolver begins later than this, in milliseconds of `performance.now()`. */
    readonly answerByMs: number,
  ) {
    super(services, caller, language, { address, requestId: request.id });
  }

  override faultOf(cardUid: string): string | null | undefined {
    return unreadableIn(this.request)?.get(cardUid);
  }
}

export interface ContextMakerOptions {
  services: Services;
  authenticator: Authenticator;
  limits: RateLimits;
  operationSecondsMax: number;
}

/** Makes the context of a request: the token is looked up, the language is read. */
export function contextMaker({ services, authenticator, limits, operationSecondsMax }: ContextMakerOptions) {
  return async (request: FastifyRequest): Promise<RequestContext> => {
    const token = bearerToken(request.headers.authorization);
    // The machine's clock, not the one that can be set: an administrator who has set it to last year must
    // not lose, with all grants made since, the right to set it back.
    const caller = token === undefined ? undefined : await authenticator.callerOf(token, systemClock.now());
    const language = languageOf(request.headers['accept-language']);
    // Looked up first: behind one address there may be a thousand readers whose keys are good.
    const address = addressOf(request);
    if (!caller) limits.chargeAddress(address ?? 'unknown', language);
    else if (address !== null) noteReader(services, caller, address, request.headers);
    const answerByMs = performance.now() + operationSecondsMax * 1000;
    return new RequestContext(services, caller, language, address, request, answerByMs);
  };
}

/** A reader tells with each request where it is, what it runs and what its clock shows; nothing is written now. */
function noteReader(
  { sightings }: Services,
  caller: Caller,
  address: string,
  headers: FastifyRequest['headers'],
): void {
  if (canteenOf(caller) === undefined) return;
  sightings.seen({
    readerId: caller.accountId,
    address,
    softwareVersion: versionIn(headers['x-reader-version']),
    readerClock: clockIn(headers['x-reader-clock']),
    at: systemClock.now(),
  });
}

/** A version as it may stand in a table and a list. */
function versionIn(header: string | string[] | undefined): string | undefined {
  return typeof header === 'string' && /^[\w.+-]{1,40}$/.test(header) ? header : undefined;
}

/** An instant with its offset; anything else tells nothing of a clock. */
function clockIn(header: string | string[] | undefined): Date | undefined {
  if (typeof header !== 'string' || !/^\d{4}-\d\d-\d\dT[\d:.]{5,18}(Z|[+-]\d\d:\d\d)$/.test(header))
    return undefined;
  const clock = new Date(header);
  return Number.isNaN(clock.getTime()) ? undefined : clock;
}

/** What a proxy wrote is taken for an address when it is one; otherwise it is that of the connection. */
function addressOf({ ip, socket }: FastifyRequest): string | null {
  return isIP(ip) ? ip : (socket.remoteAddress ?? null);
}

/** What stands behind "Bearer"; undefined when there is nothing that could be a token. */
export function bearerToken(header: string | undefined): string | undefined {
  return /^bearer +([\w.~+/=-]{1,1024})$/i.exec(header ?? '')?.[1];
}
