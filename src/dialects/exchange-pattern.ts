/**
 * The course of a session, whatever its methods are called: one end pushes things that hold a digest and an id; the other
 * cites those ids, each time with something new that looks like a nonce; the answers to that are all alike. Job queues and
 * build agents take the same course, so that a mark of a miner must come with it: a method of mining, a program called
 * a miner, shares whose hashes prove work, or, in words, a nonce for a difficulty: behind a login, or of an account with a
 * checksum. Over HTTP a login does not suffice: web sites ask browsers for work before they let them in.
 */

import { identifyAccount } from '../evidence/account.ts';
import { namesMiner } from '../evidence/agent.ts';
import { type Answer, classifyAnswer } from '../evidence/outcome.ts';
import type { Call, Datum, Direction, JsonObject, Message, Reply } from '../framing/message.ts';
import { isObject, wordOf } from '../json.ts';
import { isDifficulty, isDigest, isNonce, type Leaf, leavesOf, OF_ACCOUNTS, rootOf } from './leaves.ts';
import { loginOf } from './opening.ts';
import { headerOf, isPlain, listOf, textOf } from './shape.ts';

/** What a message is in the course of a session. */
type Part =
  | { readonly kind: 'opening'; readonly account: string | null; readonly agent: string | null }
  | { readonly kind: 'admission'; readonly answer: Answer }
  | { readonly kind: 'job'; readonly id: string }
  | { readonly kind: 'share'; readonly jobId: string; readonly user: string | null }
  | { readonly kind: 'answer'; readonly answer: Answer };

interface Push {
  readonly direction: Direction;
  readonly leaves: readonly Leaf[];
}

/** No job without its transactions is longer. */
const MOST_BYTES = 16_384;
/** Things pushed that may be cited yet; shares that may be answered yet; nonces and ids that are told apart. */
const MOST_PUSHES = 24;
const MOST_OPEN = 64;
const MOST_APART = 64;
/** Messages that are kept for when the session is known. */
const MOST_KEPT = 40;
/** From which on it is no accident. */
const LEAST_JOBS = 2;
const LEAST_SHARES = 3;

const OPENS = /login|auth|subscribe|register|hello|handshake|connect|join/i;
/** Methods that miners alone have. */
const OF_MINERS = /^mining\.|_(?:submitLogin|getWork|submitWork|submitSolution(?:Response)?)$/;
/** What miners alone subscribe to. */
const OF_WORK = 'newWork';
const OF_AGENTS = /agent|client|software/i;
const AGENT = /^[A-Za-z][\w .+-]{1,40}\/v?\d/;
const OF_MINING = /miner|hash_?rate/i;
/** A field that names a miner or its rate. */
const MINERS_FIELD = /^[Mm]in(?:ers?|ing)(?![a-z])|[Hh]ash_?(?:[Rr]ate|[Cc]ount)/;
/** Names of jobs; whoever works on them has an id, too. */
const JOB_ID = /^(?:id|\w*(?:job|task|work|challenge|template|round|slot)_?(?:id|number|no)?)$/i;
/** What a miner tells of its work beside the nonce. */
const PROGRESS = /count|rate|time|elapsed|progress|height/i;
/** The word alone and last. Who searches data, texts, logs, processes or the web calls that mining, too. */
const MINER = /(?<![a-z]|(?:data|text|log|process|web)[ _-])miners?(?![a-z]|[ _-][a-z])/i;
/**
 * A hash that is low, read from either end. More zeros fill up a number. Work is proven by so many zero bits together,
 * beyond those that the choice of the end gives.
 */
const LOW = /^(?:0x)?(?:(0{4,20})[1-9a-f][0-9a-f]+|[0-9a-f]+[1-9a-f](0{4,20}))$/i;
const HASH_DIGITS = 64;
const PROVEN_BITS = 40;

/** Where jobs of Stratum's descendants and of Ethereum's work RPC are named, whatever else they hold. */
const KNOWN_PLACES =
  /^(?:mining\.notify (?:0|job_?id|id)|\w+_(?:getWork|notify) 0|\w+_subscription result\.0)$/i;

export class ExchangePattern {
  /** Places in which ids were, as far as they were cited. */
  private readonly places: Set<string>;
  /** The end that cites. */
  private minerDirection: Direction | null;
  private readonly pushes: Push[] = [];
  private readonly openings: Message[] = [];
  private readonly open: Message[] = [];
  private readonly ids = new Set<string>();
  private readonly nonces = new Set<string>();
  private answers = 0;
  private answer = '';
  private isUniform = true;
  private hasDifficulty = false;
  private hasNonce = false;
  /** Shares came in answers over HTTP: nobody answers those. */
  private isAsked = false;
  /** Its login was taken. */
  private isAdmitted = false;
  private isHttp = false;
  private provenBits = 0;
  private kept = 0;
  /** A method or a program of miners, or proven work. */
  private hasMark = false;
  /** The account has a checksum: a miner's, if it finds nonces for a difficulty, else who signs what a server asks for. */
  private hasWallet = false;

  /** `known`: the same conversation's, which is gone through again. */
  constructor(known: ExchangePattern | null = null) {
    this.places = new Set(known?.places);
    this.minerDirection = known?.minerDirection ?? null;
  }

  /** True once it is a miner's. */
  get isWhole(): boolean {
    return (
      this.ids.size >= LEAST_JOBS &&
      this.nonces.size >= LEAST_SHARES &&
      (this.answers >= LEAST_SHARES || this.isAsked) &&
      this.isUniform &&
      (this.isMarked || (this.hasNonce && this.hasDifficulty && this.isAdmitted && !this.isHttp))
    );
  }

  /** A mark of a miner came that is no mere word. */
  get isMarked(): boolean {
    return this.hasMark || (this.hasWallet && this.hasDifficulty && this.hasNonce);
  }

  /** A message of a session that may be one; true if it is worth keeping until that is known. */
  hear(message: Message): boolean {
    const { length } = this.pushes;
    const isPart = this.partsOf(message).length > 0 || this.pushes.length > length;
    return isPart && this.kept++ < MOST_KEPT;
  }

  /** What the message is, as far as those before it tell. */
  partsOf(message: Message): readonly Part[] {
    if (message.cut || message.bytes > MOST_BYTES) return [];
    if (message.kind !== 'call' && message.kind !== 'reply' && message.kind !== 'datum') return [];
    const answer = this.answerIn(message);
    if (answer !== null) return [{ kind: 'answer', answer }];
    this.isHttp ||= !isPlain(message);
    const head = headOf(message);
    const leaves = leavesOf(rootOf(message), head);
    const admission = this.admissionIn(message);
    if (message.kind === 'reply' || admission !== null) {
      const jobs = this.push(message.direction, leaves);
      return admission === null ? jobs : [{ kind: 'admission', answer: admission }, ...jobs];
    }
    const share = this.shareIn(message, head, leaves);
    if (share !== null) return [share];
    this.hasMark ||= message.direction === this.minerDirection && leaves.some(isRate);
    const opening = this.openingIn(message, head, leaves);
    return opening === null ? this.push(message.direction, leaves) : [opening];
  }

  /** The answer to a login: the reply to its call, or what comes next of the other end if the envelope has no replies. */
  private admissionIn(message: Call | Datum | Reply): Answer | null {
    const at = answered(this.openings, message);
    if (at === -1) return null;
    this.openings.splice(at, 1);
    const answer = answerOf(message);
    this.isAdmitted ||= answer.outcome === 'accepted';
    return answer;
  }

  /** Something that holds a digest: jobs, where ids have been cited. Who tells of miners hands out no jobs. */
  private push(direction: Direction, leaves: readonly Leaf[]): readonly Part[] {
    if (direction === this.minerDirection || leaves.some(({ name }) => OF_MINING.test(name))) return [];
    this.hasDifficulty ||= leaves.some(isDifficulty);
    if (!leaves.some(({ value }) => isDigest(value))) return [];
    if (this.pushes.length === MOST_PUSHES) this.pushes.shift();
    this.pushes.push({ direction, leaves });
    return leaves
      .filter(({ place }) => this.places.has(place) || KNOWN_PLACES.test(place))
      .map(({ value }) => ({ kind: 'job', id: String(value) }));
  }

  private shareIn(message: Call | Datum, head: string, leaves: readonly Leaf[]): Part | null {
    if (this.minerDirection !== null && message.direction !== this.minerDirection) return null;
    const cited = this.cited(message.direction, leaves);
    if (cited === null) return null;
    const fresh = leaves.filter(
      (leaf) => isNonce(leaf, message.timeUs) && !PROGRESS.test(leaf.name) && !this.wasPushed(leaf.value),
    );
    if (fresh.length === 0) return null;
    this.isAsked ||= message.http !== undefined && message.http.status >= 200;
    this.minerDirection = message.direction;
    this.places.add(cited.place);
    const jobId = String(cited.value);
    note(this.ids, jobId);
    note(this.nonces, fresh.map(({ value }) => value).join());
    this.hasNonce ||= fresh.some(({ name }) => /nonce/i.test(name));
    this.provenBits += Math.max(...fresh.map(({ value }) => zeroBits(value)));
    this.hasMark ||=
      OF_MINERS.test(head) ||
      this.provenBits >= PROVEN_BITS ||
      isMiner(headerOf(message, 'user-agent')) ||
      leaves.some(({ name, value }) => MINERS_FIELD.test(name) && value !== cited.value);
    if (this.open.length === MOST_OPEN) this.open.shift();
    this.open.push(message);
    const [first] = listOf(rootOf(message)) ?? [];
    const isUser = first !== cited.value && !fresh.some(({ value }) => value === first);
    return { kind: 'share', jobId, user: isUser ? textOf(first) : null };
  }

  /** The id, as it was pushed, that the leaves of a share cite: in a place of ids, else under such a name, else any. */
  private cited(direction: Direction, leaves: readonly Leaf[]): Leaf | null {
    const values = new Set(leaves.map(({ value }) => value));
    let best: Leaf | null = null;
    let most = 0;
    for (const push of this.pushes.toReversed()) {
      if (push.direction === direction) continue;
      for (const leaf of push.leaves) {
        if (!values.has(leaf.value)) continue;
        const isOfIds = this.places.has(leaf.place) || KNOWN_PLACES.test(leaf.place);
        const isNamed = JOB_ID.test(leaf.name);
        const worth = isOfIds ? 3 : isNamed ? 2 : typeof leaf.value === 'string' ? 1 : 0;
        if (worth > most) [best, most] = [leaf, worth];
      }
    }
    return best;
  }

  private wasPushed(value: string | number): boolean {
    return this.pushes.some(({ leaves }) => leaves.some((leaf) => leaf.value === value));
  }

  private openingIn(message: Call | Datum, head: string, leaves: readonly Leaf[]): Part | null {
    // An envelope without words has a kind that is a number.
    const isNamed = OPENS.test(head) || (head.startsWith('#') && this.pushes.length === 0);
    if (!isNamed || message.direction !== (this.minerDirection ?? message.direction)) return null;
    const texts = leaves.filter((leaf) => typeof leaf.value === 'string');
    const agent = texts.find(({ name, value }) => OF_AGENTS.test(name) || AGENT.test(String(value)));
    const isList = Array.isArray(rootOf(message)) && !/subscribe/i.test(head);
    const account =
      texts.find(({ name }) => OF_ACCOUNTS.test(name)) ??
      (isList ? texts.find((leaf) => leaf !== agent) : undefined);
    const asksWork = leaves.some(({ value }) => value === OF_WORK);
    if (agent === undefined && account === undefined && !asksWork) return null;
    if (this.openings.length < MOST_OPEN) this.openings.push(message);
    const [login, program] = [account, agent].map((leaf) => textOf(leaf?.value));
    this.hasMark ||= OF_MINERS.test(head) || isMiner(program ?? '');
    this.hasWallet ||= identifyAccount(loginOf(login)?.account ?? '')?.checksum === 'valid';
    return { kind: 'opening', account: login, agent: program };
  }

  /** The answer to a share: the reply to its call, or what comes next of the other end if the envelope has no replies. */
  private answerIn(message: Call | Datum | Reply): Answer | null {
    const at = answered(this.open, message);
    if (at === -1) return null;
    const { body } = message;
    if (message.kind === 'datum' && Object.values(body).some(isDigest)) return null;
    this.open.splice(at, 1);
    const answer = answerOf(message);
    if (answer.outcome !== 'accepted') return answer;
    const form = formOf(message.kind === 'reply' ? message.result : body);
    this.isUniform &&= this.answers === 0 || form === this.answer;
    this.answer = form;
    this.answers++;
    return answer;
  }
}

function note(set: Set<string>, text: string): void {
  if (set.size < MOST_APART) set.add(text);
}

function zeroBits(value: string | number): number {
  const text = String(value).replace(/^0x/, '');
  const [, first = '', last = ''] = (text.length === HASH_DIGITS && LOW.exec(text)) || [];
  const zeros = Math.max(first.length, last.length);
  return zeros === 0 ? 0 : 4 * zeros - 1;
}

/** True of a program that is known to mine, or that is called a miner. */
export function isMiner(program: string): boolean {
  return MINER.test(program) || namesMiner(program);
}

/**
 * Which of these messages a message answers: the call of a reply; else what the other end said, and has the same id or
 * kind if both have one, or what came first. -1 if none.
 */
function answered(open: readonly Message[], message: Call | Datum | Reply): number {
  if (message.kind === 'call') return -1;
  if (message.kind === 'reply' && message.call !== undefined) return open.indexOf(message.call);
  const kind = kindOf(message.body);
  const of = open.filter(
    (each): each is Datum =>
      each.kind === 'datum' && each.direction !== message.direction && !isAsking(message),
  );
  const same = of.find(({ body }) => kind !== '' && kindOf(body) === kind);
  // What has an id answers what has the same.
  return message.kind === 'reply' && kind !== '' && of.some(({ body }) => kindOf(body) !== '')
    ? open.indexOf(same ?? message)
    : open.indexOf(same ?? of[0]);
}

/** True of a request over HTTP, which answers nothing. */
function isAsking({ http }: Message): boolean {
  return http?.status === 0;
}

/** The result and the error say more than a status or the name of the message. */
function answerOf(message: Call | Datum | Reply): Answer {
  const { body } = message;
  if (message.kind === 'reply') return classifyAnswer(message.result, body.error);
  return classifyAnswer({ status: body.status ?? body.type, ...body }, body.error);
}

/** A rate of the miner's own. */
function isRate({ name, value }: Leaf): boolean {
  return /^hash_?rate$/i.test(name) && Number(value) > 0;
}

/** What kind of message it is, if it says so beside its fields: an id that is a kind, a type. */
function kindOf({ id, type }: JsonObject): string {
  const kind = id ?? type;
  return typeof kind === 'number' || typeof kind === 'string' ? String(kind) : '';
}

/** What is the same in answers that say no more than yes. */
function formOf(result: unknown): string {
  if (isObject(result)) return Object.keys(result).sort().join();
  return Array.isArray(result) ? result.map(wordOf).join() : String(result);
}

/** What a message is called: its method, that of the call it answers, or its type. */
export function headOf(message: Call | Datum | Reply): string {
  if (message.kind === 'call') return message.method;
  if (message.kind === 'reply') return message.call?.method ?? '';
  const { type, event, op, command, cmd, action } = message.body;
  const { id } = message.body;
  return textOf(type ?? event ?? op ?? command ?? cmd ?? action) ?? (typeof id === 'number' ? `#${id}` : '');
}
