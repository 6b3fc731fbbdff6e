import type { Server as HttpServer, IncomingMessage } from 'node:http';
import { isIP } from 'node:net';
import type { Duplex } from 'node:stream';
import type { FastifyInstance } from 'fastify';
import { handleProtocols } from 'graphql-ws';
import { WebSocketServer } from 'ws';
import { Buckets } from '../../access/buckets.js';
import { networkOf } from '../../access/network-of.rules.js';
import type { Settings } from '../../config/settings.js';
import type { HttpRefusal } from '../http-errors.js';
import type { Lifecycle } from '../lifecycle.js';
import { requestIdOf } from '../request-id.js';
import { LiveConnection, type LiveServer } from './live-connection.js';
import type { LiveRefusal } from './live-metrics.js';
import { liveProtocol, speak } from './live-protocol.js';
import { farewellMs, LiveSockets } from './live-sockets.js';
import { foreignOrigin, noRoom, notFound, tooManyConnections, upgradeRefuser } from './upgrade-refusals.js';

const path = '/graphql';
/** So many seconds' worth of new connections may come from one address at once. */
const burstSeconds = 10;

/** A message is small, and a client that sends it in more pieces than this has something else in mind. */
const fragmentsMax = 64;
/** Options of ws that its published types do not know yet. */
const newLimits = {
  closeTimeout: farewellMs,
  maxFragments: fragmentsMax,
  maxBufferedChunks: fragmentsMax * 16,
};

export type LiveOptions = Omit<LiveServer, 'sockets'> & { lifecycle: Lifecycle };

/** Subscriptions at /graphql, over WebSocket. */
export function addLive(app: FastifyInstance, options: LiveOptions): void {
  const { settings, metrics } = options;
  const server: LiveServer = { ...options, sockets: new LiveSockets(settings, metrics) };
  const protocol = liveProtocol({ initSeconds: settings.liveInitSeconds });
  const upgrades = new WebSocketServer({
    noServer: true,
    maxPayload: settings.liveMessageBytesMax,
    // Compressing for thousands of clients costs more memory than their small messages are worth.
    perMessageDeflate: false,
    clientTracking: false,
    ...newLimits,
    handleProtocols,
  });
  const refuse = upgradeRefuser(settings);
  const refusalOf = arrivals(server, options.lifecycle);
  app.server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    if (!asksForWebSocket(request)) return answerAsRequest(app.server, request, socket, head);
    const address = addressOf(request, settings);
    const id = requestIdOf(request.headers);
    const refusal = refusalOf(request, address);
    if (refusal) {
      socket.on('error', () => socket.destroy());
      return refuse(socket, request, id, refusal);
    }
    upgrades.handleUpgrade(request, socket, head, (webSocket) => {
      const { headers } = request;
      speak(protocol, webSocket, new LiveConnection(server, webSocket, { id, address, headers }));
    });
  });
  app.addHook('preClose', () => server.sockets.leave());
}

/** Why a connection is not granted; undefined when it is. */
function arrivals({ settings, sockets, metrics }: LiveServer, lifecycle: Lifecycle) {
  const { addressRatePerSecond: perSecond } = settings;
  const rates = new Buckets({ perSecond, burst: perSecond * burstSeconds });
  return (request: IncomingMessage, address: string): HttpRefusal | undefined => {
    const refused = (reason: LiveRefusal, refusal: HttpRefusal) => {
      metrics.refused(reason);
      return refusal;
    };
    if (request.url?.split('?')[0] !== path) return notFound;
    if (lifecycle.shuttingDown) return refused('leaving', noRoom);
    if (!isWelcome(request.headers, settings)) return refused('origin', foreignOrigin);
    if (rates.charge(networkOf(address), Date.now()) !== null) return refused('address', tooManyConnections);
    const full = sockets.refusal(address);
    return full && refused(full, full === 'address' ? tooManyConnections : noRoom);
  };
}

function asksForWebSocket({ headers }: IncomingMessage): boolean {
  return headers.upgrade?.toLowerCase() === 'websocket';
}

/** A page of this very origin, one that is named in the settings, or no page at all. */
function isWelcome(
  { origin, host }: IncomingMessage['headers'],
  { corsOrigins }: Pick<Settings, 'corsOrigins'>,
): boolean {
  if (origin === undefined || corsOrigins.includes(origin)) return true;
  return URL.canParse(origin) && new URL(origin).host === host;
}

/** As Fastify tells it of a request: what the trusted proxies wrote, counted from here. */
function addressOf(
  { headers, socket }: IncomingMessage,
  { trustedProxies }: Pick<Settings, 'trustedProxies'>,
): string {
  const own = socket.remoteAddress ?? 'unknown';
  const forwarded = headers['x-forwarded-for']?.toString().split(',') ?? [];
  const hops = [own, ...forwarded.map((entry) => entry.trim()).reverse()];
  const told = hops[Math.min(trustedProxies, hops.length - 1)] ?? own;
  return isIP(told) ? told : own;
}

/**
 * Some clients offer with each request to go on in another protocol, such as Java's with h2c, and expect an ordinary
 * answer where that is not understood. Node has already let go of such a connection, so it is handed in anew, with
 * the request as it was but for the offer.
 */
function answerAsRequest(http: HttpServer, request: IncomingMessage, socket: Duplex, head: Buffer): void {
  const { method, url, httpVersion, rawHeaders } = request;
  const lines = [`${method} ${url} HTTP/${httpVersion}`];
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const [name = '', value = ''] = rawHeaders.slice(index, index + 2);
    if (!/^(upgrade|connection|http2-settings)$/i.test(name)) lines.push(`${name}: ${value}`);
  }
  if (/\bclose\b/i.test(request.headers.connection ?? '')) lines.push('connection: close');
  socket.unshift(Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1'), head]));
  http.emit('connection', socket);
}
