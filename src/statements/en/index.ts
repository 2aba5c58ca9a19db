/** The English catalogue, area by area: code to text. The compiler holds zh/ to the same codes and parameters. */
import { DAMAGE } from './damage.ts';
import { DIFF } from './diff.ts';
import { EVIDENCE } from './evidence.ts';
import { NOTES } from './notes.ts';
import { OWNERS } from './owners.ts';
import { POWER } from './power.ts';
import { VERDICTS } from './verdicts.ts';

export const ENGLISH = {
  ...EVIDENCE,
  ...VERDICTS,
  ...OWNERS,
  ...POWER,
  ...NOTES,
  ...DAMAGE,
  ...DIFF,
  /** Words of an audit of version 1 or of a file, which no catalogue knows. */
  verbatim: (p: { text: string }) => p.text,
};
