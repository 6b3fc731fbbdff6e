import Negotiator from 'negotiator';
import type { Language } from '../shared/text.js';

const languages: Language[] = ['zh', 'en'];

/** The language that an accept-language header prefers; Chinese when it says nothing that we speak. */
export function languageOf(acceptLanguage: string | undefined): Language {
  if (acceptLanguage === undefined) return 'zh';
  const preferred = new Negotiator({ headers: { 'accept-language': acceptLanguage } }).language(languages);
  return preferred === 'en' ? 'en' : 'zh';
}
