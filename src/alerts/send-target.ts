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

/** The server that takes mails; null if none is named. Throws USAGE, without the password that may be in it. */
export function parseSmtpUrl(url: string | undefined): string | null {
  if (url === undefined || url === '') return null;
  if (URL.canParse(url) && /^smtps?:\/\/[^/]/.test(url)) return url;
  return fail('USAGE', 'not the address of a mail server', {
    where: 'MINESWEEP_SMTP_URL',
    hint: 'Write smtps://user:password@mail.example.org.',
  });
}
