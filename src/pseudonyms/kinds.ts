/** The kinds of `--pseudonymize`. A file of its own, because every command line needs it and few runs make pseudonyms. */
export const PSEUDONYM_KINDS = ['accounts', 'addresses'] as const;
/** How addresses become pseudonyms: networks stay together, or nothing of an address stays. */
export const PSEUDONYM_FORMS = ['prefix', 'random'] as const;
