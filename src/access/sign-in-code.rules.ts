/** What is kept of the code that was sent last. Instants are epoch milliseconds. */
export interface SentCode {
  expiresAt: number;
  /** How often a code was given for it before this time. */
  tries: number;
  usedAt: number | null;
}

/** True when a code may still open a session: not used, not too old, and not guessed at too often. */
export function isAlive({ expiresAt, tries, usedAt }: SentCode, triesMax: number, now: number): boolean {
  return usedAt === null && now < expiresAt && tries < triesMax;
}

/** Six digits, the first ones zeros too. */
export function codeOf(random: number): string {
  return String(random).padStart(6, '0');
}

/** True for what could be a code; spaces that a person types between the digits are none of them. */
export function normalizedCode(text: string): string | undefined {
  const code = text.replace(/\s/g, '');
  return /^\d{6}$/.test(code) ? code : undefined;
}

/**
 * How a phone is looked up: a Chinese number is one number with or without its country code, however it
 * was typed.
 */
export function phoneSearched(normalized: string): string {
  return normalized.replace(/^(\+86|0086)(?=1\d{10}$)/, '');
}

/** The message with the code. */
export function codeMessage(code: string, minutes: number): string {
  return `【银龄】您的登录验证码是 ${code}，${minutes} 分钟内有效。请勿告诉他人；如非本人操作，请忽略。`;
}
