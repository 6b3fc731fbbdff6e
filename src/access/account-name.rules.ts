import { type Refusal, refuse } from '../shared/refusal.js';

const lengthMax = 60;

export type NameRefusalCode = 'NAME_INVALID';

/** The name of an account as it is kept, or why it cannot be: 1 to 60 characters without the outer blanks. */
export function accountName(name: string): string | Refusal<NameRefusalCode> {
  const trimmed = name.trim();
  if (trimmed.length >= 1 && trimmed.length <= lengthMax) return trimmed;
  return refuse(
    'NAME_INVALID',
    { zh: `名称须为 1 至 ${lengthMax} 个字`, en: `A name has 1 to ${lengthMax} characters` },
    ['name'],
  );
}
