/**
 * Work that is polled: a client calls one method or path again and again, whose last word means a template, work or a job; the
 * answer holds a target, bits or a difficulty, and beside it a height, a previous hash or a header; then a block or a nonce is
 * submitted that belongs to it. Over HTTP, WebSocket or lines, as JSON-RPC or as paths. So do nodes of Nervos, Quai, BCH, Ergo, Bitcoin SV
 * and others, and pools with an API of their own. Who polls and submits nothing looks on. What is mined is told
 * where a message names it; work is counted and not priced, as nobody knows how this chain writes its target.
 */
import { identifyAccount } from '../evidence/account.ts';
import { canonicalAlgorithm } from '../evidence/algorithm.ts';
import { type Answer, classifyAnswer } from '../evidence/outcome.ts';
import type { Call, Datum, Message, Reply, Visit } from '../framing/message.ts';
import type { Dialect, DialectReader } from './dialect.ts';
import {
  isDifficulty,
  isDigest,
  isNonce,
  type Leaf,
  leavesOf,
  OF_ACCOUNTS,
  rootOf,
  textUnder,
} from './leaves.ts';
import { loginOf } from './opening.ts';
import { isHex, listOf, textOf } from './shape.ts';
import type { Sink } from './sink.ts';

export const polledWork: Dialect = {
  id: 'polled-work',
  title: 'Work polled from a node or pool',
  reference: 'ckb rpc Miner, go-quai doc/soap.md, BCHN getblocktemplatelight, Ergo node api, dod-worker-rs',
  checked: '2026-12',
  unpriced: 'each chain writes its target in its own way',
  serves:
    'Nervos, Quai, Bitcoin Cash, Ergo and others without a dialect, at a node or at a pool with an API of its own',
  framing: 'http',
  perRequest: true,
  polls: ['/mining/candidate', '/job', '/work', '/getwork', '/mining/work'],
  methods: [
    ...['#call', '#reply', '#datum'],
    ...['getblocktemplate', 'get_block_template', 'submitblock', 'submit_block', 'getwork'],
  ],
  recognise: (message) => {
    const isOwn =
      message.kind === 'reply' || isResponse(message)
        ? workOf(message) !== null || isAnswer(message)
        : isRequest(message) && submissionOf(message) !== null;
    return isOwn ? 'possible' : 'foreign';
  },
  reader: () => new PolledWorkReader(),
};

/** Words for work that is asked for, and words that may stand before them. */
const POLLED =
  /(?:^|[^a-z])(?:(?:get|new|next|fetch|request|poll|mining|miner|block|aux)[_-]?)*(?:templates?(?:light|lite)?|work|candidate|jobs?|tasks?|auxblock|mininginfo)$/i;
/** Words for what is given back, in a method and in a path. */
const SUBMITTED = /(?:submit|send|report)_?\w*(?:block|work|solution|share|nonce|proof|seal)\w*$/i;
const HANDED_IN = /\/(?:solution|answer|share|nonce|blocks?|result|solved|submit)$/i;
const OF_MINING = /(?:^|[^a-z])(?:mining|miner|mine)(?![a-z])/i;
/** Where the work belongs in its chain. */
const IN_CHAIN = /height|^number$|block_?num|prev|parent|header|blob|hash|seed|^msg$|merkle|challenge/i;
const ID = /(?:^|_)id$|Id$|^job$/;
const ADDRESS =
  /^(?:coinbase|pay_?address|mining_?address|wallet_?address|miner_?address|reward_?address|guesser_?address)$/i;
const ALGORITHM = /^(?:algo|algorithm|pow_?algorithm|pow_?type|rules)$/i;
/** Of a method or path. The patterns above take the cube of it in time. */
const LONGEST_HEAD = 128;
/** A part of a path that is a value, not a word. */
const VALUE = /^(?:0x)?[0-9a-fA-F]{8,}$|^[A-Za-z0-9_-]{24,}$|^\d+$/;
/** A number that only a target of 256 bits is. */
const LEAST_TARGET = 1e30;
/** A target in hex begins or ends with so many zeros. */
const LOW = /^(?:0x)?0{4,}[0-9a-f]+$/i;
/** A header of a block and a transaction. */
const BLOCK_DIGITS = 160;
/** Work that may be cited yet. */
const MOST_WORK = 24;

/** What is asked over HTTP, or said by who asks on a stream. */
function isRequest(message: Message): message is Call | Datum {
  if (message.kind !== 'call' && message.kind !== 'datum') return false;
  return (
    !message.cut && (message.http === undefined || message.http.status === 0 || message.http.status === 101)
  );
}

/** An object that answers a request for a path. */
function isResponse(message: Message): message is Datum {
  return message.kind === 'datum' && message.http !== undefined && message.http.status >= 200;
}

/** It answers something that was submitted. */
function isAnswer(message: Reply | Datum): boolean {
  if (message.kind === 'reply') return message.call !== undefined && submissionOf(message.call) !== null;
  return message.http?.method === 'POST' && isHandedIn(headOf(message)) && OF_MINING.test(headOf(message));
}

/** What the message is about: the method, or the path up to its values. Empty if it is longer than any of a node or pool. */
function headOf(message: Call | Datum | Reply | Visit): string {
  const head = methodOf(message) ?? pathOf(message);
  return head.length > LONGEST_HEAD ? '' : head;
}

function methodOf(message: Call | Datum | Reply | Visit): string | null {
  if (message.kind === 'call') return message.method;
  return message.kind === 'reply' ? (message.call?.method ?? null) : null;
}

function pathOf({ http }: Message): string {
  const [path] = (http?.target ?? '').split('?');
  const words = path.split('/');
  while (VALUE.test(words.at(-1) ?? '')) words.pop();
  return words.join('/');
}

interface PolledJob {
  readonly id: string;
  readonly leaves: readonly Leaf[];
}

/** The work in an answer; null if it is none. */
function workOf(message: Reply | Datum): PolledJob | null {
  const head = headOf(message);
  if (message.cut || !POLLED.test(head)) return null;
  const leaves = leavesOf(rootOf(message), head);
  const isList = message.kind === 'reply' && listOf(message.result) !== null;
  const digests = leaves.filter(({ value }) => isDigest(value));
  const isHard = leaves.some(
    (leaf) =>
      isDifficulty(leaf) ||
      isTarget(leaf.value) ||
      (typeof leaf.value === 'number' && /diff/i.test(leaf.name)),
  );
  const isPlaced = leaves.some(
    ({ name, value }) => IN_CHAIN.test(name) && (isDigest(value) || Number.isSafeInteger(Number(value))),
  );
  if (isList ? digests.length < 2 : !(isPlaced && digests.length > 0 && (isHard || isAskedByMiner(message))))
    return null;
  const named =
    leaves.find(({ name }) => ID.test(name)) ?? leaves.find(({ name }) => /prev|parent/i.test(name));
  return { id: String((named ?? digests[0]).value), leaves };
}

function isTarget(value: string | number): boolean {
  return typeof value === 'number' ? value > LEAST_TARGET : isDigest(value) && LOW.test(value);
}

/** Its answer names miners in a field of its head: such a client asks so. */
function isAskedByMiner({ http }: Message): boolean {
  for (const name of http?.headers.keys() ?? []) if (/^(?:x-)?miner-/.test(name)) return true;
  return false;
}

interface Submission {
  readonly nonce: string | null;
  readonly leaves: readonly Leaf[];
  /** It is a whole block. */
  readonly isBlock: boolean;
}

function isHandedIn(head: string): boolean {
  return SUBMITTED.test(head) || HANDED_IN.test(head);
}

/** What the message submits; null if nothing. */
function submissionOf(message: Call | Datum): Submission | null {
  const head = headOf(message);
  if (!isHandedIn(head)) return null;
  const leaves = leavesOf(rootOf(message), head);
  const isBlock =
    /block/i.test(head) && blocksOf(message).some((text) => isHex(bare(text), BLOCK_DIGITS, 8_000_000));
  const nonces = leaves.filter((leaf) => isNonce(leaf, message.timeUs));
  const nonce =
    nonces.find(({ name }) => /nonce/i.test(name)) ??
    (OF_MINING.test(head) || /work/i.test(head) ? nonces[0] : undefined);
  if (!isBlock && nonce === undefined) return null;
  return { nonce: nonce === undefined || isBlock ? null : bare(String(nonce.value)), leaves, isBlock };
}

/** Texts of parameters as they were sent: a block is longer than what leaves keep. */
function blocksOf(message: Call | Datum): readonly string[] {
  const root = rootOf(message);
  const values: readonly unknown[] = listOf(root) ?? Object.values(Object(root));
  return values.flatMap((value) => (typeof value === 'string' ? [value] : []));
}

function bare(text: string): string {
  return text.replace(/^0x/, '');
}

class PolledWorkReader implements DialectReader {
  private readonly jobs: PolledJob[] = [];
  private lastHead = '';
  private hasSubmitted = false;
  private account: string | null = null;
  private algorithm: string | null = null;
  /** Submissions over HTTP that wait for the response. */
  private isOpen = false;

  read(message: Message, session: Sink): void {
    if (message.kind === 'reply' || isResponse(message)) this.answered(message, session);
    else if (message.kind === 'visit' && message.http.status >= 200)
      this.respond(message.http.status, undefined, session);
    else if (message.kind === 'visit') this.asked(message, [], session);
    else if (isRequest(message)) {
      const submission = submissionOf(message);
      if (submission !== null) this.submitted(message, submission, session);
      else this.asked(message, leavesOf(rootOf(message), headOf(message)), session);
    }
  }

  /** A call for work; who asks is told once work came, as others have such paths too. */
  private asked(message: Call | Datum | Visit, leaves: readonly Leaf[], session: Sink): void {
    const head = headOf(message);
    if (!POLLED.test(head)) return;
    this.name(message, leaves);
    if (this.jobs.length === 0 || head === this.lastHead) return;
    this.lastHead = head;
    session.request(head);
    session.userAgent(message);
    session.signIn(this.account);
    if (this.algorithm !== null) session.named(this.algorithm, 'said', 'named in the call for work', 'miner');
  }

  /** Account and algorithm that a call names. */
  private name(message: Call | Datum | Visit, leaves: readonly Leaf[]): void {
    const [path] = (message.http?.target ?? '').split('?');
    const inPath = loginOf(
      path.split('/').findLast((part) => identifyAccount(loginOf(part)?.account ?? '') !== null),
    );
    this.account ??= textUnder(leaves, ADDRESS) ?? textUnder(leaves, OF_ACCOUNTS) ?? inPath?.account ?? null;
    const named = leaves.find(({ place }) => place.split(/[ .]/).some((part) => ALGORITHM.test(part)));
    this.algorithm ??= canonicalAlgorithm(textOf(named?.value) ?? '');
  }

  private answered(message: Reply | Datum, session: Sink): void {
    const work = workOf(message);
    if (work !== null) {
      if (this.jobs.length === MOST_WORK) this.jobs.shift();
      this.jobs.push(work);
      // To who only looks on it is no job.
      if (this.hasSubmitted) session.job(work.id, null);
      else session.service(headOf(message));
    } else if (message.kind === 'reply') session.answer(message);
    else this.respond(message.http?.status ?? 200, message.body, session);
  }

  private respond(status: number, body: unknown, session: Sink): void {
    if (!this.isOpen) return;
    this.isOpen = false;
    const answer: Answer =
      status >= 400 ? { outcome: 'other', text: `HTTP ${status}` } : classifyAnswer(body, Object(body).error);
    session.nextOutcome(answer);
  }

  /** What is submitted, for the last work that it cites. */
  private submitted(message: Call | Datum, { nonce, leaves }: Submission, session: Sink): void {
    this.hasSubmitted = true;
    const values = new Set(leaves.map(({ value }) => value));
    const cited = this.jobs.findLast((job) =>
      job.leaves.some(({ value }) => value.toString().length > 2 && values.has(value)),
    );
    const part = { jobId: (cited ?? this.jobs.at(-1))?.id ?? null, nonce, user: this.account };
    if (message.kind === 'call') session.share(message, part);
    else {
      session.shareInOrder(message, part);
      this.isOpen = true;
    }
  }
}
