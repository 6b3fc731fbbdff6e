/** A small wrong variant of a file: its name says what such a reader does, and what is found there becomes something else. */
export type Mutant = readonly [name: string, file: string, find: string, replace: string];
