/** To whom a digest goes: a word of the command line. */
import { createHash } from 'node:crypto';
import { fail } from '../errors.ts';
import { percentDecoded, Secret, schemeAndHost } from '../secret.ts';
import { type WebhookForm, webhookForm } from './webhook-form.ts';

export interface SendTarget {
  readonly kind: 'mail' | 'webhook';
  /** For logs and the file of cases: of a webhook scheme, host and a digest, for its path is a secret. */
  readonly id: string;
  /** The address, or the URL. */
  readonly place: Secret;
  /** What a webhook is sent; null: a mail. */
  readonly form: WebhookForm | null;
}

/** `mail:ADDRESS` or `webhook:URL`, with `#FORM` behind it if its host does not tell what it takes. Throws USAGE, without a secret that may be in it. */
export function parseSendTarget(word: string, where: string): SendTarget {
  const [, kind = '', rest = ''] = /^(mail|webhook):(.+)$/s.exec(word) ?? [];
  const place = new Secret(rest);
  if (kind === 'mail' && /^(?:[^-\s@<>,;"][^\s@<>,;"]*@[^\s@<>,;"]+|\w[\w.-]*)$/.test(rest))
    return { kind, id: word, place, form: null };
  if (kind === 'webhook' && URL.canParse(rest) && /^https?:/i.test(rest)) {
    const url = new URL(rest);
    const { origin, username, password } = url;
    if (username === '' && password === '') {
      const digest = createHash('sha256').update(rest).digest('hex').slice(0, 8);
      const form = webhookForm(percentDecoded(url.hash.slice(1)), url, where);
      return { kind, id: `webhook:${origin}#${digest}`, place, form };
    }
    return fail('USAGE', `the URL of a webhook must not hold user and password: ${schemeAndHost(rest)}`, {
      where,
      hint: 'Write webhook:https://host/path, with the token in the path.',
    });
  }
  return fail(
    'USAGE',
    `this is nobody to send to: ${kind === '' ? '' : `${kind}:`}${schemeAndHost(rest || word)}`,
    {
      where,
      hint: 'Write mail:ADDRESS or webhook:https://….',
    },
  );
}

/** The server that takes mails; null if none is named. Throws USAGE, without the password that may be in it. */
export function parseSmtpUrl(url: string | undefined): Secret | null {
  if (url === undefined || url === '') return null;
  if (URL.canParse(url) && /^smtps?:\/\/[^/]/.test(url)) return new Secret(url);
  return fail('USAGE', 'not the address of a mail server', {
    where: 'MINESWEEP_SMTP_URL',
    hint: 'Write smtps://user:password@mail.example.org.',
  });
}
