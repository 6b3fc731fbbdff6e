import type { ExecutionArgs } from 'graphql';
import { makeServer, type Server } from 'graphql-ws';
import type { RawData, WebSocket } from 'ws';
import { liveCodes } from './live-codes.js';
import type { LiveConnection } from './live-connection.js';
import type { LiveResults } from './live-results.js';

/** The protocol graphql-transport-ws, between a socket and what this server does. */
export function liveProtocol({ initSeconds }: { initSeconds: number }): Server<LiveConnection> {
  const begun = new WeakMap<ExecutionArgs, LiveResults>();
  return makeServer<Record<string, unknown>, LiveConnection>({
    connectionInitWaitTimeout: initSeconds * 1000,
    onConnect: ({ extra, connectionParams }) => extra.begin(connectionParams),
    async onSubscribe({ extra, subscriptions }, id, payload) {
      const answered = await extra.subscribe(payload, Object.keys(subscriptions).length);
      if (!('results' in answered)) {
        // Whoever has already taken its word back is told nothing.
        if (!(id in subscriptions)) extra.completed(payload);
        return answered;
      }
      begun.set(answered.args, answered.results);
      return answered.args;
    },
    subscribe(args) {
      const results = begun.get(args);
      if (!results) throw new Error('a subscription was not begun');
      return results;
    },
    onNext: ({ extra }, _id, payload, _args, result) => extra.shown(payload, result),
    onError({ extra }, _id, payload, errors) {
      const shown = extra.shownErrors(payload, errors);
      extra.completed(payload);
      return shown;
    },
    onComplete: ({ extra }, _id, payload) => extra.completed(payload),
  });
}

/** Lets the protocol speak over a socket. A message is sent when the client's side of the network has taken it. */
export function speak(protocol: Server<LiveConnection>, socket: WebSocket, connection: LiveConnection): void {
  let receive: ((text: string) => Promise<void>) | undefined;
  const closed = protocol.opened(
    {
      protocol: socket.protocol,
      // A socket that is gone has nobody left to hear of it.
      send: (text) => new Promise((resolve) => socket.send(text, () => resolve())),
      close: (code, reason) => socket.close(code, reason),
      onMessage: (callback) => {
        receive = callback;
      },
    },
    connection,
  );
  // What ws finds wrong with a frame it answers by closing, and tells it here.
  socket.on('error', () => undefined);
  socket.on('ping', () => connection.accepts());
  socket.on('message', (data: RawData, isBinary: boolean) => {
    if (!connection.accepts()) return;
    if (isBinary) return void connection.close(liveCodes.malformed);
    receive?.(data.toString()).catch((error: unknown) => {
      if (isClientsFault(error)) connection.close(liveCodes.malformed);
      else connection.failedWith(error);
    });
  });
  socket.once('close', (code: number) => {
    connection.closed(code);
    void closed(code);
  });
}

/** A client that sends what a server sends, such as an answer: the library throws, and nothing is wrong here. */
function isClientsFault(error: unknown): boolean {
  return error instanceof Error && error.message.startsWith('Unexpected message of type');
}
