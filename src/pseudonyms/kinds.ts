/** The kinds of `--pseudonymize`. A file of its own, because every command line needs it and few runs make pseudonyms. */
export const PSEUDONYM_KINDS = ['accounts', 'addresses'] as const;
