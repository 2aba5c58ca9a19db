/** What the operator says of pools' difficulty, from the words of the option and the files it names. */
import { fail } from '../errors.ts';
import {
  type Assumption,
  isAssumption,
  isRuleBegun,
  parseAssumption,
  parseAssumptions,
} from '../evidence/modelled/assumption.ts';
import { readList } from '../given-file.ts';

export interface ModelOptions {
  /** True if rates that nobody can observe are to be modelled. */
  readonly model?: boolean;
  /** Assumptions in words (`pool=… difficulty=…`), or files of them; any of them asks for a model. */
  readonly assume?: readonly string[];
}

/** The assumptions, or null if no model is asked for. Throws USAGE, FILE_UNREADABLE and FILE_INVALID. */
export async function loadAssumptions({
  model = false,
  assume = [],
}: ModelOptions): Promise<Assumption[] | null> {
  if (!model && assume.length === 0) return null;
  const found: Assumption[] = [];
  for (const words of assume) {
    if (isAssumption(words)) {
      found.push(parseAssumption(words, '--assume'));
      continue;
    }
    let text: string;
    try {
      text = (await readList(words)).toString('utf8');
    } catch (cause) {
      // A rule that lacks its number: as such it is told what it lacks.
      if (isRuleBegun(words)) {
        found.push(parseAssumption(words, '--assume'));
        continue;
      }
      fail('FILE_UNREADABLE', 'cannot read the file of assumptions', {
        where: words,
        hint: "Name a file, or write 'pool=pool.example algorithm=rx/0 difficulty=100000'.",
        cause,
      });
    }
    found.push(...parseAssumptions(text, words));
  }
  return found;
}
