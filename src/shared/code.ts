import { type Refusal, refuse } from './refusal.js';

/** What people name things by: 1 to 32 of A-Z, 0-9 and the hyphen. */
export const codePattern = /^[A-Z0-9-]{1,32}$/;

export function isCode(code: string): boolean {
  return codePattern.test(code);
}

export function codeInvalid(): Refusal<'CODE_INVALID'> {
  return refuse(
    'CODE_INVALID',
    { zh: '编码须为 1 至 32 个大写字母、数字或连字符', en: 'A code has 1 to 32 of A-Z, 0-9 and the hyphen' },
    ['code'],
  );
}
