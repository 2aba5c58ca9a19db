/**
 * Signum (formerly Burst), mined with plotted disks over HTTP: a miner asks `/burst?requestType=getMiningInfo` for the
 * round, and submits `submitNonce` with account, nonce and deadline (BlagoMiner, scavenger, Signum nodes). Nothing is
 * hashed that a rate could be made of. Solo miners put their pass phrase into the request: only account and nonce are
 * read.
 */
import type { Fact } from '../evidence/fact.ts';
import type { Datum, HttpHead, JsonObject, Message, Reply, Visit } from '../framing/message.ts';
import type { Dialect, Recognition } from './dialect.ts';
import { loginFact, Shares } from './opening.ts';
import { isHex, textOf } from './shape.ts';

const OPEN_LIMIT = 64;

export const signum: Dialect = {
  id: 'signum',
  title: 'Signum (Burst) mining',
  reference: 'Signum node API getMiningInfo and submitNonce; BlagoMiner, scavenger',
  checked: '2026-11',
  unpriced: 'space is proven, nothing is hashed',
  serves: 'Signum, formerly Burst',
  framing: 'http',
  perRequest: true,
  polls: ['/burst?requestType=getMiningInfo', '/api?requestType=getMiningInfo'],
  recognise,
  reader: () => new SignumSession(),
};

type Request = 'getMiningInfo' | 'submitNonce';

function recognise(message: Message): Recognition {
  const { http } = message;
  if (!isExchange(message) || http === undefined || http.status === 101) return 'foreign';
  const request = requestOf(http);
  if (request === null) return 'foreign';
  if (http.status === 0) return request === 'submitNonce' ? 'certain' : 'possible';
  if (message.kind === 'visit') return 'possible';
  return roundOf(message.body) !== null || isAnswer(message.body) ? 'certain' : 'possible';
}

/** An answer with a `result` comes as a reply. */
function isExchange(message: Message): message is Visit | Datum | Reply {
  return message.kind === 'visit' || message.kind === 'datum' || message.kind === 'reply';
}

/** Pools kept the path of Burst; nodes renamed it to `/api`. */
function requestOf({ target }: HttpHead): Request | null {
  const query = /^\/(?:burst|api)\?(.*)$/s.exec(target)?.[1];
  const name = new URLSearchParams(query ?? '').get('requestType');
  return name === 'getMiningInfo' || name === 'submitNonce' ? name : null;
}

/** Height and signature of a round. */
function roundOf({ generationSignature, baseTarget, height }: JsonObject): string | null {
  const isRound = isHex(generationSignature, 64) && isDecimal(baseTarget) && isDecimal(height);
  return isRound ? `${height}` : null;
}

function isAnswer({ deadline, result }: JsonObject): boolean {
  return isDecimal(deadline) && typeof result === 'string';
}

function isDecimal(value: unknown): boolean {
  return /^\d{1,20}$/.test(String(value)) && (typeof value === 'string' || typeof value === 'number');
}

class SignumSession {
  private readonly shares = new Shares();
  /** Nonces without an answer; HTTP answers in order. */
  private readonly open: Message[] = [];
  private readonly named = new Set<string>();
  private round = '';

  *read(message: Message): Iterable<Fact> {
    if (!isExchange(message) || message.http === undefined || recognise(message) === 'foreign') return;
    const request = requestOf(message.http);
    if (message.http.status === 0) {
      yield* this.readRequest(message, message.http, request);
      return;
    }
    if (message.kind === 'visit') return;
    const round = roundOf(message.body);
    if (round !== null) yield* this.job(round);
    else if (request === 'submitNonce') yield* this.answer(message.body);
  }

  private *readRequest(
    message: Message,
    { target, headers }: HttpHead,
    request: Request | null,
  ): Iterable<Fact> {
    const agent = textOf(headers.get('x-miner') ?? headers.get('user-agent'));
    if (agent !== null && this.named.size === 0) yield { kind: 'agent', agent };
    if (request !== 'submitNonce') {
      yield { kind: 'request', method: 'getMiningInfo' };
      return;
    }
    const query = new URLSearchParams(target.slice(target.indexOf('?') + 1));
    const account = query.get('accountId') ?? '';
    const login = /^\d{1,20}$/.test(account) ? loginFact(account) : null;
    if (login !== null && !this.named.has(account) && this.named.size < OPEN_LIMIT) {
      this.named.add(account);
      yield login;
    }
    if (this.open.length === OPEN_LIMIT) this.open.shift();
    this.open.push(message);
    const jobId = query.get('blockheight') ?? (this.round === '' ? null : this.round);
    yield this.shares.take(message, { jobId, account: login?.account ?? null, worker: null, nonce: null });
  }

  private *job(round: string): Iterable<Fact> {
    if (round === this.round) return;
    if (this.round === '') {
      const detail = 'rounds of Signum: space is proven, nothing is hashed';
      yield { kind: 'algorithm', algorithm: 'signum-plots', source: 'dialect', detail, side: 'pool' };
      yield { kind: 'coin', coin: 'SIGNA', source: 'dialect', side: 'pool' };
    }
    this.round = round;
    yield { kind: 'job', jobId: round, difficulty: null };
  }

  private *answer(body: JsonObject): Iterable<Fact> {
    const isTaken = body.result === 'success';
    const text = textOf(body.errorDescription) ?? textOf(body.result) ?? '';
    yield* this.shares.answerTo(this.open.shift(), {
      outcome: isTaken ? 'accepted' : 'other',
      text: isTaken ? '' : text,
    });
  }
}
