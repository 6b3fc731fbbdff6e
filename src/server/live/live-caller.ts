import type { IncomingHttpHeaders } from 'node:http';
import type { Services } from '../../../schema/context.js';
import type { Authenticator } from '../../access/authenticate.js';
import type { Caller } from '../../access/caller.js';
import type { Settings } from '../../config/settings.js';
import { systemClock } from '../../shared/clock.js';
import type { Language } from '../../shared/text.js';
import { type AskedRequest, bearerToken, RequestContext } from '../context.js';
import { languageOf } from '../language.js';

/** Who connects, as the request for the connection tells it. */
export interface Arrival {
  id: string;
  address: string;
  headers: IncomingHttpHeaders;
}

export interface CallerServices {
  settings: Settings;
  services: Services;
  authenticator: Authenticator;
}

/** Who is behind a connection. The token is kept, and looked up again whenever something is to be told. */
export class LiveCaller {
  language: Language;
  accountId: number | undefined;
  private token = '';

  constructor(
    private readonly server: CallerServices,
    private readonly arrival: Arrival,
  ) {
    this.language = languageOf(arrival.headers['accept-language']);
  }

  /** Takes what the client says of itself when it begins, or else in the headers with which it came. */
  async identify(
    params: Readonly<Record<string, unknown>> | undefined,
  ): Promise<Caller | 'none' | 'unknown'> {
    const given = (name: string) => textNamed(params, name) ?? this.arrival.headers[name]?.toString();
    this.language = languageOf(given('accept-language'));
    const token = bearerToken(given('authorization'));
    if (token === undefined) return 'none';
    this.token = token;
    return (await this.now()) ?? 'unknown';
  }

  /** For one more answer: its own loaders, its own instant, the grants of now. Undefined when the token counts no more. */
  async contextNow(asked: AskedRequest): Promise<RequestContext | undefined> {
    const { services, settings } = this.server;
    const caller = await this.now();
    if (!caller || caller.accountId !== this.accountId) return undefined;
    const answerByMs = performance.now() + settings.operationSecondsMax * 1000;
    return new RequestContext(services, caller, this.language, this.arrival.address, asked, answerByMs);
  }

  /** Undefined when the token was never anybody's, has expired or was revoked. By the machine's clock, as for a request. */
  private async now(): Promise<Caller | undefined> {
    const caller = await this.server.authenticator.callerOf(this.token, systemClock.now());
    return caller?.revoked ? undefined : caller;
  }
}

/** A text of what the client says of itself, however its name is written. */
function textNamed(params: Readonly<Record<string, unknown>> | undefined, name: string): string | undefined {
  const entry = Object.entries(params ?? {}).find(([key]) => key.toLowerCase() === name);
  return typeof entry?.[1] === 'string' ? entry[1] : undefined;
}
