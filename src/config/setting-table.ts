import type { z } from 'zod';
import { identityKeyList, lookupKey } from './key-texts.js';
import { liveVariables } from './live-settings.js';
import { noticeVariables } from './notice-settings.js';
import { roleList, sessionKeys } from './session-texts.js';
import {
  databaseUrl,
  list,
  oneOf,
  origin,
  signingKey,
  text,
  webAddress,
  wholeNumber,
} from './setting-values.js';
import { signInVariables } from './sign-in-settings.js';
import { snapshotKeyList } from './snapshot-key-texts.js';
import { visitSettings } from './visit-settings.js';

const logLevels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;
export type LogLevel = (typeof logLevels)[number];

/** One setting: the text that stands for it when it is not set, and what an operator should know of it. */
export interface Setting<Value> {
  default: string;
  description: string;
  schema: z.ZodType<Value, string>;
}

/** Every setting under the name of its variable. */
export const variables = {
  NODE_ENV: {
    default: 'development',
    description:
      'development seeds the demo city and serves GraphiQL; production does neither and hides the schema; test is for the tests.',
    schema: oneOf(['development', 'production', 'test']),
  },
  HOST: {
    default: '127.0.0.1',
    description:
      'The address to listen on, in production too: 0.0.0.0 opens the server to the network and is never assumed.',
    schema: text(255),
  },
  PORT: {
    default: '4000',
    description: 'The TCP port to listen on; 0 takes any free one.',
    schema: wholeNumber(0, 65_535),
  },
  DATABASE_URL: {
    default: 'data/yinling.sqlite',
    description: 'The path of the SQLite file, or mysql://user:password@host:port/name.',
    schema: databaseUrl(),
  },
  DATA_DIR: {
    default: 'data',
    description:
      "The folder for the audit log's heads, the demo credentials and, outside production, the keys that are made there.",
    schema: text(1000),
  },
  LOG_LEVEL: {
    default: 'info',
    description: 'The least important lines that are logged.',
    schema: oneOf(logLevels),
  },
  BODY_LIMIT_BYTES: {
    default: '1048576',
    description: 'The largest request body; 500 swipes take about 120,000 bytes.',
    schema: wholeNumber(200_000, 100_000_000),
  },
  SHUTDOWN_SECONDS: {
    default: '10',
    description: 'How long requests under way may take after SIGTERM before the process leaves regardless.',
    schema: wholeNumber(1, 300),
  },
  LIVE_SWIPE_AGE_MINUTES_MAX: {
    default: '10',
    description:
      'How many minutes old the tap of a live swipe may be. Readers send a live tap for which no meal was handed out only when it is older than ten, so that nobody pays for it.',
    schema: wholeNumber(1, 10),
  },
  OFFLINE_SWIPE_AGE_DAYS_MAX: {
    default: '7',
    description: 'How many days a reader may stay offline: older taps are refused.',
    schema: wholeNumber(1, 60),
  },
  CLOCK_SKEW_SECONDS_MAX: {
    default: '60',
    description: "How many seconds a tap may lie ahead of the server's clock.",
    schema: wholeNumber(0, 3600),
  },
  TOP_UP_FEN_MAX: {
    default: '100000',
    description: 'The most that one top-up may add to a card, in fen.',
    schema: wholeNumber(1, 100_000_000),
  },
  SWIPE_BATCH_MAX: {
    default: '0',
    description:
      'How many gathered swipes may share one transaction; 0 takes what suits the engine, 64 on SQLite and 256 on MySQL.',
    schema: wholeNumber(0, 2000),
  },
  FLAG_SCAN_MINUTES: {
    default: '60',
    description:
      'How many minutes the server rests between two rounds in which it looks for signs of fraud in days that are over; 0 leaves it to the command line.',
    schema: wholeNumber(0, 1440),
  },
  VISIT_SCAN_SECONDS: {
    default: '60',
    description:
      'How many seconds the server rests between two rounds in which it looks for visits that nobody began or ended, of several servers one at a time, and for meals that are to be brought to elders who are not at home. 0 leaves it to others.',
    schema: wholeNumber(0, 3600),
  },
  CHECK_POSITION_DAYS: {
    default: '180',
    description: 'How many days the positions of taps at doors are kept; their distances from the door stay.',
    schema: wholeNumber(1, 3650),
  },
  DEMO_ELDERS: {
    default: '60000',
    description: 'How many elders the demo city is seeded with on the first start; never in production.',
    schema: wholeNumber(0, 10_000_000),
  },
  HEADER_SECONDS_MAX: {
    default: '10',
    description:
      "How long a caller may take to send a request's headers; after that the connection is closed.",
    schema: wholeNumber(1, 300),
  },
  REQUEST_SECONDS_MAX: {
    default: '120',
    description:
      'How long a caller may take to send a whole request, such as 500 swipes over a mobile network.',
    schema: wholeNumber(1, 3600),
  },
  OPERATION_SECONDS_MAX: {
    default: '30',
    description:
      'How long an operation may run before it is answered OPERATION_TOO_LONG and goes no further.',
    schema: wholeNumber(1, 300),
  },
  CALLER_RATE_PER_SECOND: {
    default: '200',
    description:
      'How many operations a second one account may ask on one server, with ten times as many at once; swipes and viewer count for nothing, 0 is no limit.',
    schema: wholeNumber(0, 1_000_000),
  },
  ADDRESS_RATE_PER_SECOND: {
    default: '50',
    description:
      'How many requests a second one address may send to one server without a key that is known, with ten times as many at once; 0 is no limit.',
    schema: wholeNumber(0, 1_000_000),
  },
  OBJECT_RATE_PER_MINUTE: {
    default: '60',
    description:
      'How often a minute anything but a swipe may be done to one card, on all servers together; 0 is no limit.',
    schema: wholeNumber(0, 1_000_000),
  },
  CORS_ORIGINS: {
    default: '',
    description:
      'Origins of pages that a browser may let call the graph, such as https://console.example, with commas between them; none without it.',
    schema: list(origin),
  },
  SAFELIST_FILE: {
    default: '',
    description:
      'A file of known operations, as the safelist command writes it; when it is set, nothing else is answered.',
    schema: text(1000),
  },
  READER_KEY: {
    default: '',
    description:
      'The key with which `npm run reader` signs in, where it is given none in a file; the server itself has no use for it.',
    schema: text(200),
  },
  READER_KEY_OVERLAP_MINUTES: {
    default: '1440',
    description:
      'How many minutes the old key of a reader goes on working after a rotation that names no time.',
    schema: wholeNumber(0, 43_200),
  },
  READER_SNAPSHOT_KEYS: {
    default: '',
    description:
      'What the lists of readers are signed with: name:key, an Ed25519 private key of 32 bytes in base64url. Several are parted by commas; the first signs, readers accept all. Without it production gives readers no lists, and development makes a key in DATA_DIR.',
    schema: snapshotKeyList(),
  },
  READER_SNAPSHOT_HOURS: {
    default: '48',
    description: 'For how many hours a reader may decide by the list it was given last.',
    schema: wholeNumber(1, 168),
  },
  READER_SNAPSHOT_REFRESH_SECONDS: {
    default: '300',
    description:
      'How old the list of a canteen may be when one of its readers asks; an older one is made up to date first.',
    schema: wholeNumber(0, 86_400),
  },
  TRUSTED_PROXIES: {
    default: '0',
    description:
      "How many proxies stand before the server, one behind the other: so many entries of x-forwarded-for are believed. 0 takes the connection's own address.",
    schema: wholeNumber(0, 10),
  },
  AUDIT_HEAD_LINKS: {
    default: '1000',
    description: "After how many records the audit log's head is written outside the database.",
    schema: wholeNumber(1, 1_000_000),
  },
  AUDIT_HEAD_SECONDS: {
    default: '60',
    description:
      "After how many seconds with a new record the audit log's head is written outside at the latest.",
    schema: wholeNumber(1, 86_400),
  },
  AUDIT_WEBHOOK_URL: {
    default: '',
    description: "Where the audit log's heads are posted besides; to nowhere without it.",
    schema: webAddress(),
  },
  AUDIT_WEBHOOK_SECRET: {
    default: '',
    description: 'The key with which those posts are signed, 32 characters at least; with AUDIT_WEBHOOK_URL.',
    schema: signingKey(),
  },
  IDENTITY_KEYS: {
    default: '',
    description:
      'The keys that encrypt ID numbers, phones, addresses and secrets of one-time codes, as id:base64 with commas between them: the first encrypts, all decrypt. Production does not start without; elsewhere they are made in DATA_DIR.',
    schema: identityKeyList(),
  },
  IDENTITY_LOOKUP_KEY: {
    default: '',
    description:
      'The key by which ID numbers are found, 32 bytes in base64, the same for the life of a database. Production does not start without; elsewhere it is made in DATA_DIR.',
    schema: lookupKey(),
  },
  ELDER_RETENTION_DAYS: {
    default: '1825',
    description: "How many days after its end an elder's file is kept before it may be erased.",
    schema: wholeNumber(0, 36_500),
  },
  SESSION_KEYS: {
    default: '',
    description:
      'What access tokens are signed with: name:secret, the secret 32 bytes or more in base64url. Several are parted by commas; the first signs, all are accepted. Wanted in production.',
    schema: sessionKeys(),
  },
  ACCESS_TOKEN_MINUTES: {
    default: '10',
    description: 'How long an access token counts before it has to be refreshed.',
    schema: wholeNumber(1, 60),
  },
  SESSION_HOURS: {
    default: '12',
    description: 'How long after a sign-in the next one is due, however often it was refreshed.',
    schema: wholeNumber(1, 168),
  },
  ...signInVariables,
  ...noticeVariables,
  ...visitSettings,
  TOTP_ROLES: {
    default: '',
    description:
      'Roles that count only in a session with a one-time code, parted by commas, such as ADMIN,FINANCE.',
    schema: roleList(),
  },
  ...liveVariables,
} satisfies Record<string, Setting<unknown>>;
