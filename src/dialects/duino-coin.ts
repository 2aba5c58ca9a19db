/**
 * Duino-Coin (DUCO-S1, docs/reference/protocols.md 1.16): comma-separated lines of text. The server greets with its version; the
 * client asks `JOB,user,difficulty,key`; a job is the last hash, the hash that is wanted, and a difficulty d, by which
 * one of 100·d numbers gives that hash; the client answers with the number, its rate and its name. The key that guards
 * a user's account is never read.
 */
import { classifyAnswer } from '../evidence/outcome.ts';
import type { TextLine } from '../framing/message.ts';
import { grammar } from './grammar.ts';
import { loginOf } from './opening.ts';
import { textOf } from './shape.ts';
import type { Sink } from './sink.ts';

const JOB = /^([0-9a-f]{40}),([0-9a-f]{40}),(\d{1,9})$/;
/** Number, then rate, software, rig, chip and the like. */
const RESULT = /^(\d{1,12})(?:,(\d{0,12}(?:\.\d{1,12})?))?(?:,([^,]{0,64}))?(?:,([^,]{0,64}))?(?:,[^\n]*)?$/;
const MINERS_RESULT = /^\d{1,12},\d{1,12}(?:\.\d{1,12})?,[^,]{0,48}(?:miner|duco)[^,]{0,48}(?:,|$)/i;
const REQUEST = /^JOB(?:XX)?,([^,]{1,64})(?:,|$)/;
const ANSWER = /^(GOOD|BLOCK|BAD)(?:,(.{0,200}))?$/;
const VERSION = /^\d\.\d{1,2}$/;
/** On average half of the 100·d numbers are tried. */
const HASHES_PER_UNIT = 50;

export const duinoCoin = grammar({
  id: 'duino-coin',
  title: 'Duino-Coin',
  reference: 'duino-coin README, docs/reference/protocols.md 1.16',
  serves: 'Duino-Coin',
  framing: 'text-lines',
  own: () => new DuinoCoinSession(),
  others: {
    'text-line': {
      // A table of pairs of digests has such rows too; only a miner names itself behind its rate.
      certain: ({ text }) => MINERS_RESULT.test(text),
      possible: ({ text }) => [JOB, REQUEST, ANSWER, VERSION, RESULT].some((form) => form.test(text)),
      read: (message, session, own) => own.read(message, session),
    },
  },
});

class DuinoCoinSession {
  private user = '';
  private hasLogin = false;
  private rig: string | null = null;
  private job: string | null = null;
  private hasJob = false;

  read(message: TextLine, session: Sink): void {
    const { text } = message;
    const job = JOB.exec(text);
    const request = REQUEST.exec(text);
    const answer = ANSWER.exec(text);
    if (job !== null) {
      // Pairs of digests that nobody asked for are not jobs.
      if (this.user !== '') this.takeJob(job[2], Number(job[3]), session);
    } else if (request !== null) this.asked(request[1], session);
    else if (answer !== null) this.answer(answer[1], answer[2] ?? '', session);
    else if (VERSION.test(text) && !this.hasJob) session.service('version');
    // A number on its own may be the answer of another service: only one that answers a job is a share.
    else if (this.job !== null || MINERS_RESULT.test(text)) this.result(message, session);
  }

  /** The login waits for the first result: only that names the rig, and who logs in is one of the two together. */
  private asked(user: string, session: Sink): void {
    if (user === this.user) return;
    this.user = user;
    this.hasLogin = false;
    session.request('JOB');
  }

  private named(session: Sink): void {
    const login = this.hasLogin ? null : loginOf(this.user);
    this.hasLogin = true;
    if (login !== null) session.login(login.account, this.rig);
  }

  private takeJob(wanted: string, difficulty: number, session: Sink): void {
    session.names('duco-s1', 'DUCO', 'jobs of Duino-Coin');
    this.hasJob = true;
    this.job = wanted;
    const value = HASHES_PER_UNIT * difficulty;
    session.newJob(wanted, value > 0 ? value : null);
  }

  private result(message: TextLine, session: Sink): void {
    const match = RESULT.exec(message.text);
    if (match === null) return;
    const [, , rate, software, rig] = match;
    session.agentOnce(software);
    const worker = textOf(rig);
    if (worker !== this.rig && worker !== 'None') this.rig = worker;
    this.named(session);
    const account = loginOf(this.user)?.account ?? null;
    session.shareInOrder(message, { jobId: this.job, account, worker: this.rig });
    this.job = null;
    session.hashrate(Number(rate ?? 0));
  }

  private answer(word: string, reason: string, session: Sink): void {
    session.nextOutcome(classifyAnswer(true, word === 'BAD' ? { message: reason } : null));
  }
}
