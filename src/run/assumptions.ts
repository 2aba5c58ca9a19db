/** What the operator says of pools' difficulty, from the words of the option and the files it names. */
import {
  type Assumption,
  isAssumption,
  isRuleBegun,
  parseAssumption,
  parseAssumptions,
} from '../evidence/modelled/assumption.ts';
import { readTextList } from '../given-file.ts';

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
    const list = isAssumption(words) ? null : await listIn(words);
    if (list === null) found.push(parseAssumption(words, '--assume'));
    else found.push(...parseAssumptions(list, words));
  }
  return found;
}

/** Null if there is no such file, and the words begin a rule that lacks its number: as such it is told what it lacks. */
async function listIn(words: string): Promise<string | null> {
  const hint = "Name a file, or write 'pool=pool.example algorithm=rx/0 difficulty=100000'.";
  return readTextList(words, 'the file of assumptions', hint).catch((cause: unknown) => {
    if (isRuleBegun(words)) return null;
    throw cause;
  });
}
