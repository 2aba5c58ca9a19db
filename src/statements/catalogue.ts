/** The words of each language. A further one is one catalogue, one line here and one in languages.ts. */
import { en, type ReportText } from './en/report.ts';
import type { Language } from './languages.ts';
import { zh } from './zh/report.ts';

const CATALOGUES: Readonly<Record<Language, ReportText>> = { en, zh };

/** Everything that a report says in this language. */
export function catalogueOf(language: Language): ReportText {
  return CATALOGUES[language];
}
