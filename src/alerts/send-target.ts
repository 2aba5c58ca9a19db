/** To whom a digest goes: a word of the command line. */
import { fail } from '../errors.ts';

/** `mail:ADDRESS` or `webhook:URL`. Throws USAGE. */
export function parseSendTarget(word: string, where: string): string {
  const [, kind, rest = ''] = /^(mail|webhook):(.+)$/.exec(word) ?? [];
  if (kind === 'mail' && /^[^-\s@<>,;"][^\s@<>,;"]*@[^\s@<>,;"]+$/.test(rest)) return word;
  if (kind === 'mail' && /^\w[\w.-]*$/.test(rest)) return word;
  if (kind === 'webhook' && URL.canParse(rest) && /^https?:/.test(rest)) return word;
  return fail('USAGE', `'${word}' is nobody to send to`, {
    where,
    hint: 'Write mail:ADDRESS or webhook:https://….',
  });
}
