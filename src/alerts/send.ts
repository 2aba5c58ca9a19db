/**
 * A digest to people: by mail, through the system's sendmail or an SMTP server, or to a webhook. The only sockets that a digest opens are to the servers that the operator names.
 */
import { Socket } from 'node:net';
import { hostname } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { createTransport } from 'nodemailer';
import { beginOfAnswer, boundExchange } from '../answer.ts';
import { codeOf, reasonOf } from '../errors.ts';
import { percentDecoded, Secret } from '../secret.ts';
import type { Digest } from './digest.ts';
import type { SendTarget } from './send-target.ts';
import type { WebhookForm } from './webhook-form.ts';

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
/** Of a mail server, bytes: one answer, and all. A silent server is given up after one timeout, a slow one after so many. */
const MOST_RESPONSE = 65_536;
const MOST_ANSWERS = 1 << 20;
const MOST_STEPS = 4;
/** Of what a server says why it refuses, bytes. */
const MOST_REASON = 300;
/** Shorter parts of a URL stand in ordinary words. */
const LEAST_PART = 6;
/** Answers to what may be taken later: too early, too many requests, a request that took too long. */
const TRY_AGAIN: ReadonlySet<number> = new Set([408, 425, 429]);
/** Of a command that ends. A server may ask for up to a minute. */
const PAUSES_MS = [1000, 2000, 4000];
const MOST_WAIT_MS = 60_000;

/** Sends the digest. Throws an Error that says why it could not be sent; it names no secret of the address. */
export async function sendDigest(
  { kind, place, form }: SendTarget,
  digest: Digest,
  mail: MailOptions,
): Promise<void> {
  if (kind === 'webhook' && form !== null) return post(place, form, digest);
  try {
    await sendMail(place.reveal(), digest, mail);
  } catch (cause) {
    // A server may repeat what it was sent.
    const secrets = [mail.smtpUrl, passwordOf(mail.smtpUrl)];
    const code = codeOfSmtp(cause);
    const why = secrets.reduce((rest, secret) => secret?.without(rest) ?? rest, reasonOf(cause));
    throw new SendError(why.slice(0, MOST_REASON), null, code >= 500 && code < 600);
  }
}

/** RFC 5321 section 4.2.1: 4yz may be tried again, 5yz not; 0 if it was no answer of a server. */
function codeOfSmtp(cause: unknown): number {
  return cause instanceof Error && 'responseCode' in cause ? Number(cause.responseCode) : 0;
}

function passwordOf(url: Secret | null): Secret | null {
  return url === null ? null : new Secret(percentDecoded(new URL(url.reveal()).password));
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
    const socket = new Socket();
    const bounds = { maxResponseSize: MOST_RESPONSE, socket };
    const transport = createTransport({ url: smtpUrl.reveal(), ...timeouts, ...bounds });
    const over = boundExchange(socket, { bytes: MOST_ANSWERS, ms: timeoutMs * MOST_STEPS });
    // A mail without a sender counts as a bounce.
    await transport.sendMail({ ...message, from: from ?? `minesweep@${hostname()}` }).finally(() => {
      over();
      transport.close();
    });
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

/** Why a message did not arrive, and when to try again. */
export class SendError extends Error {
  constructor(
    message: string,
    /** The server asks to wait so long, ms; null: it says nothing of it. */
    readonly waitMs: number | null = null,
    /** True if the same message will not be taken later either. */
    readonly isFinal = false,
  ) {
    super(message);
    this.name = 'SendError';
  }
}

async function post(place: Secret, form: WebhookForm, digest: Digest): Promise<void> {
  const { url, headers, body } = form.post(place.reveal(), digest);
  const secrets = secretsOf(new URL(place.reveal()));
  const hidden = (text: string): string => secrets.reduce((rest, secret) => secret.without(rest), text);
  let answer: Response;
  try {
    answer = await fetch(url, {
      method: 'POST',
      headers,
      body,
      // Where it is sent on to the operator has not said.
      redirect: 'error',
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
  } catch (cause) {
    const why = cause instanceof Error && cause.cause instanceof Error ? cause.cause : cause;
    throw new SendError(`the webhook could not be reached: ${hidden(reasonOf(why))}`);
  }
  const { status } = answer;
  if (answer.ok) {
    await answer.body?.cancel();
    return;
  }
  const said = answer.body === null ? '' : await beginOfAnswer(answer.body, MOST_REASON).catch(() => '');
  // Some repeat what they were sent, and what they were sent to.
  const why = hidden(said).replaceAll(/\s+/g, ' ').trim();
  throw new SendError(
    `the webhook answered ${status}${why === '' ? '' : `: ${why}`}`,
    waitOf(answer.headers.get('retry-after')),
    status >= 400 && status < 500 && !TRY_AGAIN.has(status),
  );
}

/** Path and query of a webhook, and the parts of both. */
function secretsOf({ origin, href, pathname, searchParams, hash }: URL): Secret[] {
  const whole = href.slice(0, href.length - hash.length);
  const parts = [...pathname.split('/'), ...searchParams.values()].filter(
    ({ length }) => length >= LEAST_PART,
  );
  return [whole, whole.slice(origin.length + 1), ...parts].map((text) => new Secret(text));
}

/** RFC 9110 section 10.2.3: seconds, or a date. */
function waitOf(header: string | null): number | null {
  if (header === null) return null;
  const seconds = /^\d+(?:\.\d+)?$/.test(header) ? Number(header) : (Date.parse(header) - Date.now()) / 1000;
  return Number.isFinite(seconds) && seconds > 0 ? seconds * 1000 : null;
}

/** Sends the digest, after these pauses again if it may yet be taken. Throws as above. */
export async function sendPatiently(
  target: SendTarget,
  digest: Digest,
  mail: MailOptions,
  pausesMs: readonly number[] = PAUSES_MS,
): Promise<void> {
  for (let i = 0; ; i++) {
    try {
      await sendDigest(target, digest, mail);
      return;
    } catch (cause) {
      const isOver = !(cause instanceof SendError) || cause.isFinal || i >= pausesMs.length;
      const waitMs = Math.max(pausesMs[i] ?? 0, isOver ? 0 : (cause.waitMs ?? 0));
      if (isOver || waitMs > MOST_WAIT_MS) throw cause;
      await sleep(waitMs);
    }
  }
}
