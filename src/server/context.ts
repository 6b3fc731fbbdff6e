import { isIP } from 'node:net';
import type { FastifyRequest } from 'fastify';
import { Context, type Services } from '../../schema/context.js';
import type { Authenticator } from '../access/authenticate.js';
import type { Caller } from '../access/caller.js';
import { systemClock } from '../shared/clock.js';
import type { Language } from '../shared/text.js';
import { languageOf } from './language.js';

/** The context that resolvers see, and beside it the request that the log and the errors speak of. */
export class RequestContext extends Context {
  constructor(
    services: Services,
    caller: Caller | undefined,
    language: Language,
    readonly request: FastifyRequest,
  ) {
    super(services, caller, language, { address: addressOf(request), requestId: request.id });
  }
}

/** Makes the context of a request: the token is looked up, the language is read. */
export function contextMaker(services: Services, authenticator: Authenticator) {
  return async (request: FastifyRequest): Promise<RequestContext> => {
    const token = bearerToken(request.headers.authorization);
    // The machine's clock, not the one that can be set: an administrator who has set it to last year must
    // not lose, with all grants made since, the right to set it back.
    const caller = token === undefined ? undefined : await authenticator.callerOf(token, systemClock.now());
    return new RequestContext(services, caller, languageOf(request.headers['accept-language']), request);
  };
}

/** What a proxy wrote is taken for an address when it is one; otherwise it is that of the connection. */
function addressOf({ ip, socket }: FastifyRequest): string | null {
  return isIP(ip) ? ip : (socket.remoteAddress ?? null);
}

/** What stands behind "Bearer"; undefined when there is nothing that could be a token. */
function bearerToken(header: string | undefined): string | undefined {
  return /^bearer +([\w.~+/=-]{1,1024})$/i.exec(header ?? '')?.[1];
}
