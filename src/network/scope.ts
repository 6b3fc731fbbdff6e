/** Where a caller may act: everywhere, or at these facilities and everything beneath them today. */
export type Scope = 'everywhere' | readonly number[];
