/** The Chinese catalogue: the codes of en/, in Chinese. */
import type { ENGLISH } from '../en/index.ts';
import { type Statement, type Translation, textIn } from '../statement.ts';
import { DAMAGE } from './damage.ts';
import { DIFF } from './diff.ts';
import { EVIDENCE } from './evidence.ts';
import { NOTES } from './notes.ts';
import { OWNERS } from './owners.ts';
import { POWER } from './power.ts';
import { VERDICTS } from './verdicts.ts';

export const CHINESE: Translation<typeof ENGLISH> = {
  ...EVIDENCE,
  ...VERDICTS,
  ...OWNERS,
  ...POWER,
  ...NOTES,
  ...DAMAGE,
  ...DIFF,
  verbatim: ({ text }) => text,
};

/** The statement in Chinese; in English if no text is known. */
export function inChinese(statement: Statement): string {
  return textIn(CHINESE, statement);
}
