/** The languages of every user-facing text; Chinese is the default. */
export type Language = 'zh' | 'en';

/** One user-facing text in both languages. */
export type Text = Record<Language, string>;
