/**
 * A pool protocol whose jobs and shares have a shape that no other dialect here knows: a coin's own form of Stratum or of
 * Ethereum's work RPC, or something new. It is read by the course of the session (course.ts): logins, jobs, shares and
 * answers are counted, and neither algorithm nor work is told. Shapes that a dialect knows are left to that one.
 */
import type { Call, Message } from '../framing/message.ts';
import type { Dialect, DialectReader } from './dialect.ts';
import { ExchangePattern, headOf, isMiner } from './exchange-pattern.ts';
import { isDigest } from './leaves.ts';
import { isPlain, jobIdOf, listOf, objectOf, stringsOf } from './shape.ts';
import type { Sink } from './sink.ts';

const OF_WORK = /^mining\.(?:notify|submit)$|_(?:getWork|notify|submitWork|subscription)$/;
/** Parts of a job, of a share. */
const MOST_PARTS = 32;

export const stratumOther: Dialect = {
  id: 'stratum-other',
  title: 'Pool protocol of an unknown form',
  reference:
    'the `mining.` namespace of docs/reference/protocols.md 1.5, and the course of a session (src/dialects/exchange-pattern.ts)',
  unpriced: 'nothing is known of the form',
  serves: 'Coins whose jobs no dialect here knows: TrueChain, Hathor and others',
  framing: 'json-lines',
  methods: ['mining.authorize', 'mining.notify', 'mining.submit', '#call'],
  recognise: (message) => {
    const call = message.kind === 'reply' ? message.call : message;
    return isPlain(message) && call?.kind === 'call' && isOwn(call) ? 'possible' : 'foreign';
  },
  reader: () => new OtherSession(new ExchangePattern(), false),
};

/** The reader of a conversation whose course is known. */
export function readerOfPattern(pattern: ExchangePattern): DialectReader {
  return new OtherSession(new ExchangePattern(pattern), true);
}

function isOwn({ method, params }: Call): boolean {
  return (
    (/^mining\.authorize$|_submitLogin$/.test(method) && stringsOf(params, 1, 4) !== null) ||
    (method === 'mining.notify' && isJob(params)) ||
    (/^mining\.submit$|_submitWork$/.test(method) && isShare(params))
  );
}

/** A nonce. */
const FOUND = /^(?:0x)?[0-9a-fA-F]{8,}$/;

/** A job is named first, or under a name of its own, and holds something that is to be hashed. */
function isJob(params: unknown): boolean {
  const named = objectOf(params);
  const parts = named === null ? listOf(params) : Object.values(named);
  const id = named === null ? parts?.[0] : (named.job_id ?? named.jobId ?? named.id);
  if (parts === null || parts.length < 2 || parts.length > MOST_PARTS || jobIdOf(id) === null) return false;
  const inner = parts.flatMap((part) => listOf(part) ?? Object.values(objectOf(part) ?? { part }));
  return inner.some(isDigest);
}

/** User and job first, or names of their own; and what was found. */
function isShare(params: unknown): boolean {
  const named = objectOf(params);
  const parts = named === null ? listOf(params) : Object.values(named);
  if (parts === null || parts.length < 3 || parts.length > MOST_PARTS) return false;
  return parts.some((part) => typeof part === 'string' && FOUND.test(part));
}

/** True for a method that miners alone have. */
function isOfMining(message: Message): message is Call {
  return message.kind === 'call' && /^mining\.|_submit(?:Login|Work)$/.test(message.method);
}

/** A share under a method that miners alone have. */
function isSubmission(message: Message): message is Call {
  return isOfMining(message) && isOwn(message) && /[._]submit(?:Work)?$/.test(message.method);
}

class OtherSession implements DialectReader {
  /** The method of a share was told: it is a mark of a miner, if nobody logged in. */
  private hasNamed = false;

  constructor(
    private readonly pattern: ExchangePattern,
    /** The course is a miner's; else jobs and shares are those of methods that miners alone have. */
    private readonly isKnown: boolean,
  ) {}

  read(message: Message, session: Sink): void {
    const isOwn =
      this.isKnown ||
      ((message.kind === 'call' || message.kind === 'reply') && OF_WORK.test(headOf(message)));
    const parts = this.pattern.partsOf(message);
    if (!this.isKnown && isSubmission(message) && !parts.some(({ kind }) => kind === 'share')) {
      // Nobody has seen its job: the pool's end was not captured.
      session.share(message, {});
      session.request(message.method);
    } else if (!this.isKnown && message.kind === 'reply' && parts.length === 0) session.answer(message);
    for (const part of parts) {
      if (!isOwn && (part.kind === 'job' || part.kind === 'share')) continue;
      switch (part.kind) {
        case 'opening':
          session.authorize(message.kind === 'call' ? message.method : '', part.account);
          if (isOfMining(message) || isMiner(part.agent ?? '')) session.agent(part.agent);
          break;
        case 'admission':
          if (message.kind === 'reply') session.admission(message);
          else if (part.answer.outcome === 'accepted') session.admit();
          else session.refuse(part.answer.text);
          break;
        case 'job':
          session.job(part.id, null);
          break;
        case 'share':
          if (message.kind === 'call') session.share(message, part);
          else session.shareInOrder(message, part);
          if (isOfMining(message) && !this.hasNamed) session.request(message.method);
          this.hasNamed = true;
          break;
        default:
          if (message.kind !== 'reply' || message.call === undefined) session.nextOutcome(part.answer);
          else session.answer(message);
      }
    }
    if (message.kind === 'call' && /^mining\.set_/.test(message.method)) session.service(message.method);
  }
}
