/**
 * A digest to people: by mail, through the system's sendmail or an SMTP server, or to a webhook of Slack, Teams, Mattermost
 * or a program. The only sockets that a digest opens are to the servers that the operator names.
 */
import { hostname } from 'node:os';
import { createTransport } from 'nodemailer';
import { codeOf, reasonOf } from '../errors.ts';
import { Secret } from '../secret.ts';
import type { SendTarget } from './send-target.ts';

export interface Digest {
  readonly subject: string;
  /** Plain text, a line at most 120 columns. */
  readonly text: string;
  /** Says in place of the last lines that so many do not fit. */
  readonly more: (lines: number) => string;
  /** For programs. */
  readonly data: object;
}

export interface MailOptions {
  /** smtp:// or smtps:// with user and password; null: sendmail. */
  readonly smtpUrl: Secret | null;
  readonly from: string | null;
  /** Programs that take mail on their standard input; the first that is there does. */
  readonly sendmail?: readonly string[];
  readonly timeoutMs?: number;
}

const TIMEOUT_MS = 30_000;
/** cron has no sbin in its PATH. */
const SENDMAIL = ['sendmail', '/usr/sbin/sendmail', '/usr/lib/sendmail'];
/** Bytes. Cards of Teams are 28 KB at most, messages of Slack 40,000 characters, of Mattermost 16,383. */
const MOST_TEXT = 12_000;
const TEAMS = /(?:\.webhook\.office\.com|\.logic\.azure\.com|\.powerplatform\.com)$/;

/** Sends the digest. Throws an Error that says why it could not be sent; it names no secret of the address. */
export async function sendDigest(
  { kind, place }: SendTarget,
  digest: Digest,
  mail: MailOptions,
): Promise<void> {
  if (kind === 'webhook') return post(place.reveal(), digest);
  try {
    await sendMail(place.reveal(), digest, mail);
  } catch (cause) {
    // A server may repeat what it was sent.
    const secrets = [mail.smtpUrl, passwordOf(mail.smtpUrl)];
    throw new Error(secrets.reduce((why, secret) => secret?.without(why) ?? why, reasonOf(cause)));
  }
}

function passwordOf(url: Secret | null): Secret | null {
  return url === null ? null : new Secret(decodeURIComponent(new URL(url.reveal()).password));
}

async function sendMail(
  address: string,
  { subject, text }: Digest,
  { smtpUrl, from, sendmail = SENDMAIL, timeoutMs = TIMEOUT_MS }: MailOptions,
): Promise<void> {
  const message = {
    // A user of this machine.
    to: address.includes('@') ? address : `${address}@localhost`,
    subject,
    text,
    // What a program sent is not answered by programs (RFC 3834).
    headers: { 'Auto-Submitted': 'auto-generated' },
  };
  if (smtpUrl !== null) {
    const timeouts = { connectionTimeout: timeoutMs, greetingTimeout: timeoutMs, socketTimeout: timeoutMs };
    const transport = createTransport({ url: smtpUrl.reveal(), ...timeouts });
    // A mail without a sender counts as a bounce.
    await transport
      .sendMail({ ...message, from: from ?? `minesweep@${hostname()}` })
      .finally(() => transport.close());
    return;
  }
  for (const [i, path] of sendmail.entries()) {
    try {
      const transport = createTransport({ sendmail: true, newline: 'unix', path });
      await transport.sendMail({ ...message, ...(from === null ? {} : { from }) });
      return;
    } catch (cause) {
      if (codeOf(cause) !== 'ENOENT' || i === sendmail.length - 1) throw cause;
    }
  }
}

async function post(url: string, digest: Digest): Promise<void> {
  const body = chatBody(new URL(url).hostname, digest);
  let answer: Response;
  try {
    answer = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
      // Where it is sent on to the operator has not said.
      redirect: 'error',
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
  } catch (cause) {
    const why = cause instanceof Error && cause.cause instanceof Error ? cause.cause : cause;
    const path = new Secret(url.slice(new URL(url).origin.length + 1));
    throw new Error(
      `the webhook could not be reached: ${path.without(new Secret(url).without(reasonOf(why)))}`,
    );
  }
  // Nothing of it is read, however long it is.
  await answer.body?.cancel();
  if (!answer.ok) throw new Error(`the webhook answered ${answer.status}`);
}

/** Slack and Mattermost show `text`; Teams shows a card; programs read `night`. */
function chatBody(host: string, { subject, text, more, data }: Digest): object {
  const lines = forChat(text).trimEnd().split('\n');
  let room = MOST_TEXT;
  const kept = lines.filter((line) => {
    room -= room < 0 ? 0 : Buffer.byteLength(line) + 1;
    return room >= 0;
  });
  const left = lines.length - kept.length;
  const plain = [...kept, ...(left === 0 ? [] : [more(left)])].join('\n');
  if (!TEAMS.test(host)) return { text: `${forChat(subject)}\n\`\`\`\n${plain}\n\`\`\``, night: data };
  const block = (shown: string, more: object): object => ({
    type: 'TextBlock',
    text: shown,
    wrap: true,
    ...more,
  });
  return {
    type: 'message',
    attachments: [
      {
        contentType: 'application/vnd.microsoft.card.adaptive',
        content: {
          $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
          type: 'AdaptiveCard',
          version: '1.4',
          msteams: { width: 'Full' },
          body: [
            block(forChat(subject), { weight: 'Bolder', size: 'Medium' }),
            // Lines of Markdown run into one another unless a blank line is between them.
            ...plain
              .split('\n')
              .filter((line) => line !== '')
              .map((line) => block(line, { fontType: 'Monospace', spacing: 'None' })),
          ],
        },
      },
    ],
  };
}

/** What chats would take for a mention, a link or markup is written with look-alikes: the text may be from the wire. */
function forChat(text: string): string {
  return text.replace(/[<>&`@[\]]/g, (character) => CHAT[character] ?? '');
}
const CHAT: Readonly<Record<string, string>> = {
  '<': '‹',
  '>': '›',
  '&': '＆',
  '`': 'ˋ',
  '@': '＠',
  '[': '(',
  ']': ')',
};
