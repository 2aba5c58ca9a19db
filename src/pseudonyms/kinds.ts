/** What `--pseudonymize` may name. A file of its own, for every command line asks and few make pseudonyms. */
export const PSEUDONYM_KINDS = ['accounts', 'addresses'] as const;
