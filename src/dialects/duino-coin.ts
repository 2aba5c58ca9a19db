/**
 * Duino-Coin (DUCO-S1, docs/protocols.md 1.16): comma-separated lines of text. The server greets with its version; the
 * client asks `JOB,user,difficulty,key`; a job is the last hash, the hash that is wanted, and a difficulty d, by which
 * one of 100·d numbers gives that hash; the client answers with the number, its rate and its name. The key that guards
 * a user's account is never read.
 */
import type { Fact } from '../evidence/fact.ts';
import { classifyAnswer } from '../evidence/outcome.ts';
import type { Message, TextLine } from '../framing/message.ts';
import type { Dialect, Recognition } from './dialect.ts';
import { loginFact, Shares } from './opening.ts';
import { textOf } from './shape.ts';

const JOB = /^([0-9a-f]{40}),([0-9a-f]{40}),(\d{1,9})$/;
/** Number, then rate, software, rig, chip and the like. */
const RESULT = /^(\d{1,12})(?:,(\d{0,12}(?:\.\d{1,12})?))?(?:,([^,]{0,64}))?(?:,([^,]{0,64}))?(?:,[^\n]*)?$/;
const MINERS_RESULT = /^\d{1,12},\d{1,12}(?:\.\d{1,12})?,[^,]{0,48}(?:miner|duco)[^,]{0,48}(?:,|$)/i;
const REQUEST = /^JOB(?:XX)?,([^,]{1,64})(?:,|$)/;
const ANSWER = /^(GOOD|BLOCK|BAD)(?:,(.{0,200}))?$/;
const VERSION = /^\d\.\d{1,2}$/;
const OPEN_LIMIT = 64;
/** On average half of the 100·d numbers are tried. */
const HASHES_PER_UNIT = 50;

export const duinoCoin: Dialect = {
  id: 'duino-coin',
  title: 'Duino-Coin',
  reference: 'duino-coin README, docs/protocols.md 1.16',
  serves: 'Duino-Coin',
  framing: 'text-lines',
  recognise,
  reader: () => new DuinoCoinSession(),
};

function recognise(message: Message): Recognition {
  if (message.kind !== 'text-line') return 'foreign';
  const { text } = message;
  // A table of pairs of digests has such rows too; only a miner names itself behind its rate.
  if (MINERS_RESULT.test(text)) return 'certain';
  return JOB.test(text) || REQUEST.test(text) || ANSWER.test(text) || VERSION.test(text) || RESULT.test(text)
    ? 'possible'
    : 'foreign';
}

class DuinoCoinSession {
  private readonly shares = new Shares();
  private readonly open: TextLine[] = [];
  private user = '';
  private hasLogin = false;
  private agent = '';
  private rig: string | null = null;
  private job: string | null = null;
  private hasJob = false;

  *read(message: Message): Iterable<Fact> {
    if (message.kind !== 'text-line') return;
    const { text } = message;
    const job = JOB.exec(text);
    const request = REQUEST.exec(text);
    const answer = ANSWER.exec(text);
    if (job !== null) {
      // Pairs of digests that nobody asked for are not jobs.
      if (this.user !== '') yield* this.takeJob(job[2], Number(job[3]));
    } else if (request !== null) yield* this.asked(request[1]);
    else if (answer !== null) yield* this.answer(answer[1], answer[2] ?? '');
    else if (VERSION.test(text) && !this.hasJob) yield { kind: 'service', method: 'version' };
    // A number on its own may be the answer of another service: only one that answers a job is a share.
    else if (this.job !== null) yield* this.result(message);
  }

  /** The login waits for the first result: only that names the rig, and who logs in is one of the two together. */
  private *asked(user: string): Iterable<Fact> {
    if (user === this.user) return;
    this.user = user;
    this.hasLogin = false;
    yield { kind: 'request', method: 'JOB' };
  }

  private *named(): Iterable<Fact> {
    const login = this.hasLogin ? null : loginFact(this.user);
    this.hasLogin = true;
    if (login !== null) yield { ...login, worker: this.rig };
  }

  private *takeJob(wanted: string, difficulty: number): Iterable<Fact> {
    if (!this.hasJob) {
      const detail = 'jobs of Duino-Coin';
      yield { kind: 'algorithm', algorithm: 'duco-s1', source: 'dialect', detail, side: 'pool' };
      yield { kind: 'coin', coin: 'DUCO', source: 'dialect', side: 'pool' };
    }
    this.hasJob = true;
    this.job = wanted;
    const value = HASHES_PER_UNIT * difficulty;
    yield { kind: 'job', jobId: wanted, difficulty: value > 0 ? { scale: 'hashes', value } : null };
  }

  private *result(message: TextLine): Iterable<Fact> {
    const match = RESULT.exec(message.text);
    if (match === null) return;
    const [, , rate, software, rig] = match;
    const agent = textOf(software);
    if (agent !== null && agent !== this.agent) {
      this.agent = agent;
      yield { kind: 'agent', agent };
    }
    const worker = textOf(rig);
    if (worker !== this.rig && worker !== 'None') this.rig = worker;
    yield* this.named();
    if (this.open.length === OPEN_LIMIT) this.open.shift();
    this.open.push(message);
    const account = loginFact(this.user)?.account ?? null;
    yield this.shares.take(message, { jobId: this.job, account, worker: this.rig, nonce: null });
    this.job = null;
    const hashrate = Number(rate);
    if (hashrate > 0) yield { kind: 'self-reported', hashrate };
  }

  private *answer(word: string, reason: string): Iterable<Fact> {
    const outcome = classifyAnswer(true, word === 'BAD' ? { message: reason } : null);
    yield* this.shares.answerTo(this.open.shift(), outcome);
  }
}
