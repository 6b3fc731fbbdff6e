import type { Settings } from './settings.js';

/** What is wrong with settings each of which is good by itself: one line for each. */
export function contradictions(settings: Settings): string[] {
  const { auditWebhookUrl, auditWebhookSecret, smsWebhookUrl, smsWebhookKey } = settings;
  const webhooks = [
    ...unsigned('AUDIT_WEBHOOK_URL', auditWebhookUrl, 'AUDIT_WEBHOOK_SECRET', auditWebhookSecret),
    ...unsigned('SMS_WEBHOOK_URL', smsWebhookUrl, 'SMS_WEBHOOK_KEY', smsWebhookKey),
  ];
  return [...webhooks, ...keyProblems(settings)];
}

/** What is posted without a signature could come from anybody. */
function unsigned(urlName: string, url: string, keyName: string, key: string): string[] {
  return url !== '' && key === '' ? [`${keyName} must be set when ${urlName} is`] : [];
}

/** Keys come whole or not at all, and in production nobody makes any up. */
function keyProblems({ nodeEnv, identityKeys, identityLookupKey }: Settings): string[] {
  const isGiven = {
    IDENTITY_KEYS: identityKeys.length > 0,
    IDENTITY_LOOKUP_KEY: identityLookupKey !== undefined,
  };
  const needed =
    nodeEnv === 'production' ? 'with NODE_ENV=production' : 'together with the other key setting';
  const missing = Object.entries(isGiven).filter(([, given]) => !given);
  if (missing.length === 2 && nodeEnv !== 'production') return [];
  return missing.map(([name]) => `${name} must be set ${needed}`);
}
