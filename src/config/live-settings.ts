import type { Setting } from './setting-table.js';
import { redisUrl, text, wholeNumber } from './setting-values.js';

/** What bounds the connections over which changes are told, and whereby servers tell each other. */
export interface LiveSettings {
  /** Empty where this server is alone. */
  redisUrl: string;
  redisChannel: string;
  liveConnectionsMax: number;
  liveConnectionsPerAddress: number;
  liveConnectionsPerCaller: number;
  liveSubscriptionsPerConnection: number;
  liveMessageBytesMax: number;
  liveMessagesPerSecond: number;
  liveWaitingMax: number;
  liveInitSeconds: number;
  liveIdleSeconds: number;
  livePingSeconds: number;
  liveRecheckSeconds: number;
}

export const liveVariables = {
  REDIS_URL: {
    default: '',
    description:
      'The Redis through which servers tell each other what changed, redis://user:password@host:port or rediss:// for TLS; without it each server tells only what it changed itself.',
    schema: redisUrl(),
  },
  REDIS_CHANNEL: {
    default: 'yinling:live',
    description:
      'The channel on that Redis, the same for all servers of one database and another for each database.',
    schema: text(200),
  },
  LIVE_CONNECTIONS_MAX: {
    default: '5000',
    description: 'How many WebSocket connections one server holds; with 0 it holds none.',
    schema: wholeNumber(0, 1_000_000),
  },
  LIVE_CONNECTIONS_PER_ADDRESS: {
    default: '500',
    description: 'How many of them may come from one address, behind which there may be a whole office.',
    schema: wholeNumber(1, 1_000_000),
  },
  LIVE_CONNECTIONS_PER_CALLER: {
    default: '20',
    description: 'How many of them one account may hold, such as one for each open page.',
    schema: wholeNumber(1, 100_000),
  },
  LIVE_SUBSCRIPTIONS_PER_CONNECTION: {
    default: '50',
    description: 'How many subscriptions may be open on one connection.',
    schema: wholeNumber(1, 10_000),
  },
  LIVE_MESSAGE_BYTES_MAX: {
    default: '65536',
    description: 'The largest message that a client may send over a WebSocket connection, in bytes.',
    schema: wholeNumber(1024, 10_000_000),
  },
  LIVE_MESSAGES_PER_SECOND: {
    default: '20',
    description:
      'How many messages a second a client may send over one connection, with ten times as many at once.',
    schema: wholeNumber(1, 100_000),
  },
  LIVE_WAITING_MAX: {
    default: '100',
    description:
      'How many changes may wait for a client that reads slowly, for each subscription; when there are more, it is told to read everything again instead.',
    schema: wholeNumber(1, 100_000),
  },
  LIVE_INIT_SECONDS: {
    default: '5',
    description: 'How long a new WebSocket connection may take to say who it is.',
    schema: wholeNumber(1, 60),
  },
  LIVE_IDLE_SECONDS: {
    default: '120',
    description: 'How long a WebSocket connection may be open without a subscription.',
    schema: wholeNumber(1, 86_400),
  },
  LIVE_PING_SECONDS: {
    default: '20',
    description:
      'How often it is looked whether a WebSocket client still answers; one that did not by the next time is let go of.',
    schema: wholeNumber(1, 3600),
  },
  LIVE_RECHECK_SECONDS: {
    default: '15',
    description:
      'After how many seconds without a change it is looked again whether a subscriber may still listen.',
    schema: wholeNumber(1, 3600),
  },
} satisfies Record<string, Setting<unknown>>;

type Read = (name: Exclude<keyof typeof liveVariables, 'REDIS_URL' | 'REDIS_CHANNEL'>) => number;
type ReadText = (name: 'REDIS_URL' | 'REDIS_CHANNEL') => string;

export function liveSettings(read: Read, readText: ReadText): LiveSettings {
  return {
    redisUrl: readText('REDIS_URL'),
    redisChannel: readText('REDIS_CHANNEL'),
    liveConnectionsMax: read('LIVE_CONNECTIONS_MAX'),
    liveConnectionsPerAddress: read('LIVE_CONNECTIONS_PER_ADDRESS'),
    liveConnectionsPerCaller: read('LIVE_CONNECTIONS_PER_CALLER'),
    liveSubscriptionsPerConnection: read('LIVE_SUBSCRIPTIONS_PER_CONNECTION'),
    liveMessageBytesMax: read('LIVE_MESSAGE_BYTES_MAX'),
    liveMessagesPerSecond: read('LIVE_MESSAGES_PER_SECOND'),
    liveWaitingMax: read('LIVE_WAITING_MAX'),
    liveInitSeconds: read('LIVE_INIT_SECONDS'),
    liveIdleSeconds: read('LIVE_IDLE_SECONDS'),
    livePingSeconds: read('LIVE_PING_SECONDS'),
    liveRecheckSeconds: read('LIVE_RECHECK_SECONDS'),
  };
}
