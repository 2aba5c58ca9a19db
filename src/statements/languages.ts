/** The languages and readers of reports for people, apart from their words: the options name them, and words load when used. */
export const LANGUAGES = ['en', 'zh'] as const;
export type Language = (typeof LANGUAGES)[number];

/** Who reads a report: what is to be done is another thing for each. */
export const READERS = ['admin', 'isp', 'ci'] as const;
export type Reader = (typeof READERS)[number];
