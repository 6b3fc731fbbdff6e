import type { Settings } from './settings.js';

/** What is wrong with settings each of which is good by itself: one line for each. */
export function contradictions(settings: Settings): string[] {
  const { auditWebhookUrl, auditWebhookSecret } = settings;
  const isUnsigned = auditWebhookUrl !== '' && auditWebhookSecret === '';
  const webhook = isUnsigned ? ['AUDIT_WEBHOOK_SECRET must be set when AUDIT_WEBHOOK_URL is'] : [];
  return [...webhook, ...keyProblems(settings)];
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
