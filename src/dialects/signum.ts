/**
 * Signum (formerly Burst), mined with plotted disks over HTTP: a miner asks `/burst?requestType=getMiningInfo` for the
 * round, and submits `submitNonce` with account, nonce and deadline (BlagoMiner, scavenger, Signum nodes). Nothing is
 * hashed that a rate could be made of. Solo miners put their pass phrase into the request: only account and nonce are
 * read.
 */
import type { Datum, HttpHead, JsonObject, Message, Reply, Visit } from '../framing/message.ts';
import type { Dialect, Recognition } from './dialect.ts';
import { loginOf } from './opening.ts';
import { isHex, textOf } from './shape.ts';
import type { Sink } from './sink.ts';

const ACCOUNTS_LIMIT = 64;

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
  methods: ['#visit', '#datum', '#reply'],
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
  private readonly named = new Set<string>();
  private round = '';

  read(message: Message, session: Sink): void {
    if (!isExchange(message) || message.http === undefined || recognise(message) === 'foreign') return;
    const request = requestOf(message.http);
    if (message.http.status === 0) {
      this.readRequest(message, message.http, request, session);
      return;
    }
    if (message.kind === 'visit') return;
    const round = roundOf(message.body);
    if (round !== null) this.job(round, session);
    else if (request === 'submitNonce') this.answer(message.body, session);
  }

  private readRequest(
    message: Message,
    { target, headers }: HttpHead,
    request: Request | null,
    session: Sink,
  ): void {
    const agent = textOf(headers.get('x-miner') ?? headers.get('user-agent'));
    if (agent !== null && this.named.size === 0) session.agent(agent);
    if (request !== 'submitNonce') {
      session.request('getMiningInfo');
      return;
    }
    const query = new URLSearchParams(target.slice(target.indexOf('?') + 1));
    const account = query.get('accountId') ?? '';
    const login = /^\d{1,20}$/.test(account) ? loginOf(account) : null;
    if (login !== null && !this.named.has(account) && this.named.size < ACCOUNTS_LIMIT) {
      this.named.add(account);
      session.login(login.account, login.worker);
    }
    const jobId = query.get('blockheight') ?? (this.round === '' ? null : this.round);
    session.shareInOrder(message, { jobId, account: login?.account ?? null });
  }

  private job(round: string, session: Sink): void {
    if (round === this.round) return;
    session.names('signum-plots', 'SIGNA', 'rounds of Signum: space is proven, nothing is hashed');
    this.round = round;
    session.newJob(round, null);
  }

  private answer(body: JsonObject, session: Sink): void {
    const isTaken = body.result === 'success';
    const text = textOf(body.errorDescription) ?? textOf(body.result) ?? '';
    session.nextOutcome({ outcome: isTaken ? 'accepted' : 'other', text: isTaken ? '' : text });
  }
}
