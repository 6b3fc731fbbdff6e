import type { z } from 'zod';
import type { FieldKey } from '../shared/field-cipher.js';
import { contradictions } from './contradictions.js';
import { type LiveSettings, liveSettings } from './live-settings.js';
import type { SessionKey, TotpRole } from './session-texts.js';
import { type LogLevel, type Setting, variables } from './setting-table.js';
import type { SnapshotSeed } from './snapshot-key-texts.js';

/** Everything that an operator can set, as the process read it when it started. */
export interface Settings extends LiveSettings {
  nodeEnv: 'development' | 'production' | 'test';
  host: string;
  port: number;
  databaseUrl: string;
  dataDir: string;
  logLevel: LogLevel;
  bodyLimitBytes: number;
  shutdownSeconds: number;
  liveSwipeAgeMinutesMax: number;
  offlineSwipeAgeDaysMax: number;
  clockSkewSecondsMax: number;
  topUpFenMax: number;
  swipeBatchMax: number;
  flagScanMinutes: number;
  visitScanSeconds: number;
  checkPositionDays: number;
  demoElders: number;
  headerSecondsMax: number;
  requestSecondsMax: number;
  operationSecondsMax: number;
  callerRatePerSecond: number;
  addressRatePerSecond: number;
  objectRatePerMinute: number;
  corsOrigins: string[];
  safelistFile: string;
  readerKeyOverlapMinutes: number;
  /** The first signs; none where the data folder keeps it, or where readers get no lists. */
  snapshotKeys: SnapshotSeed[];
  snapshotHours: number;
  snapshotRefreshSeconds: number;
  trustedProxies: number;
  auditHeadLinks: number;
  auditHeadSeconds: number;
  auditWebhookUrl: string;
  auditWebhookSecret: string;
  /** The first encrypts, all decrypt; none where the data folder keeps them. */
  identityKeys: readonly FieldKey[];
  identityLookupKey: Buffer | undefined;
  elderRetentionDays: number;
  /** The first signs; none when nothing is set. */
  sessionKeys: SessionKey[];
  accessTokenMinutes: number;
  sessionHours: number;
  triesPerAccount: number;
  triesPerAddress: number;
  temporaryPasswordHours: number;
  totpRoles: TotpRole[];
  signInCodeMinutes: number;
  signInCodeTries: number;
  /** Empty where no messages are sent. */
  smsWebhookUrl: string;
  smsWebhookKey: string;
  offerScanSeconds: number;
  noticesPerMinute: number;
  noticeLanguage: 'zh' | 'en';
  /** Empty where ways are straight lines. */
  routingUrl: string;
  plannerThreads: number;
}

type VariableName = keyof typeof variables;

/** Name, default and description of every setting, from which docs/operations.md is checked. */
export const settingsList = Object.entries(variables).map(([name, setting]) => ({
  name,
  default: setting.default,
  description: setting.description,
}));

/** Thrown when the environment holds a bad value: one line for each, none of which repeats the value. */
export class SettingsError extends Error {}

/** Reads the settings once, at start. A variable that is empty counts as not set. Throws a SettingsError. */
export function readSettings(environment: NodeJS.ProcessEnv = process.env): Settings {
  const problems: string[] = [];
  const read = <Name extends VariableName>(name: Name): z.output<(typeof variables)[Name]['schema']> => {
    const setting: Setting<unknown> = variables[name];
    const given = environment[name]?.trim();
    const result = setting.schema.safeParse(given ? given : setting.default);
    if (!result.success) problems.push(`${name} ${result.error.issues[0]?.message}`);
    return result.data as z.output<(typeof variables)[Name]['schema']>;
  };
  const settings: Settings = {
    nodeEnv: read('NODE_ENV'),
    host: read('HOST'),
    port: read('PORT'),
    databaseUrl: read('DATABASE_URL'),
    dataDir: read('DATA_DIR'),
    logLevel: read('LOG_LEVEL'),
    bodyLimitBytes: read('BODY_LIMIT_BYTES'),
    shutdownSeconds: read('SHUTDOWN_SECONDS'),
    liveSwipeAgeMinutesMax: read('LIVE_SWIPE_AGE_MINUTES_MAX'),
    offlineSwipeAgeDaysMax: read('OFFLINE_SWIPE_AGE_DAYS_MAX'),
    clockSkewSecondsMax: read('CLOCK_SKEW_SECONDS_MAX'),
    topUpFenMax: read('TOP_UP_FEN_MAX'),
    swipeBatchMax: read('SWIPE_BATCH_MAX'),
    flagScanMinutes: read('FLAG_SCAN_MINUTES'),
    visitScanSeconds: read('VISIT_SCAN_SECONDS'),
    checkPositionDays: read('CHECK_POSITION_DAYS'),
    demoElders: read('DEMO_ELDERS'),
    headerSecondsMax: read('HEADER_SECONDS_MAX'),
    requestSecondsMax: read('REQUEST_SECONDS_MAX'),
    operationSecondsMax: read('OPERATION_SECONDS_MAX'),
    callerRatePerSecond: read('CALLER_RATE_PER_SECOND'),
    addressRatePerSecond: read('ADDRESS_RATE_PER_SECOND'),
    objectRatePerMinute: read('OBJECT_RATE_PER_MINUTE'),
    corsOrigins: read('CORS_ORIGINS'),
    safelistFile: read('SAFELIST_FILE'),
    readerKeyOverlapMinutes: read('READER_KEY_OVERLAP_MINUTES'),
    snapshotKeys: read('READER_SNAPSHOT_KEYS'),
    snapshotHours: read('READER_SNAPSHOT_HOURS'),
    snapshotRefreshSeconds: read('READER_SNAPSHOT_REFRESH_SECONDS'),
    trustedProxies: read('TRUSTED_PROXIES'),
    auditHeadLinks: read('AUDIT_HEAD_LINKS'),
    auditHeadSeconds: read('AUDIT_HEAD_SECONDS'),
    auditWebhookUrl: read('AUDIT_WEBHOOK_URL'),
    auditWebhookSecret: read('AUDIT_WEBHOOK_SECRET'),
    identityKeys: read('IDENTITY_KEYS'),
    identityLookupKey: read('IDENTITY_LOOKUP_KEY'),
    elderRetentionDays: read('ELDER_RETENTION_DAYS'),
    sessionKeys: read('SESSION_KEYS'),
    accessTokenMinutes: read('ACCESS_TOKEN_MINUTES'),
    sessionHours: read('SESSION_HOURS'),
    triesPerAccount: read('SIGN_IN_TRIES_PER_ACCOUNT'),
    triesPerAddress: read('SIGN_IN_TRIES_PER_ADDRESS'),
    temporaryPasswordHours: read('TEMPORARY_PASSWORD_HOURS'),
    totpRoles: read('TOTP_ROLES'),
    signInCodeMinutes: read('SIGN_IN_CODE_MINUTES'),
    signInCodeTries: read('SIGN_IN_CODE_TRIES'),
    smsWebhookUrl: read('SMS_WEBHOOK_URL'),
    smsWebhookKey: read('SMS_WEBHOOK_KEY'),
    offerScanSeconds: read('OFFER_SCAN_SECONDS'),
    noticesPerMinute: read('NOTICES_PER_MINUTE'),
    noticeLanguage: read('NOTICE_LANGUAGE'),
    routingUrl: read('ROUTING_URL'),
    plannerThreads: read('PLANNER_THREADS'),
    ...liveSettings(read, read),
  };
  if (problems.length === 0) problems.push(...contradictions(settings));
  if (problems.length > 0)
    throw new SettingsError(`Settings that cannot be used:\n  ${problems.join('\n  ')}`);
  return settings;
}
