/** The languages of reports for people, apart from their words: the options name them, and words load when used. */
export const LANGUAGES = ['en', 'zh'] as const;
export type Language = (typeof LANGUAGES)[number];
