/**
 * Signum (formerly Burst), mined with plotted disks over HTTP: a miner asks `/burst?requestType=getMiningInfo` for the
 * round, and submits `submitNonce` with account, nonce and deadline (BlagoMiner, scavenger, Signum nodes). Nothing is
 * hashed that a rate could be made of. Solo miners put their pass phrase into the request: only account and nonce are
 * read.
 */
import type { Datum, HttpHead, Message, Reply, Visit } from '../framing/message.ts';
import { wordOf } from '../json.ts';
import type { Recognition } from './dialect.ts';
import { form } from './form.ts';
import { grammar } from './grammar.ts';
import { loginOf } from './opening.ts';
import { textOf } from './shape.ts';
import { ACCEPTED, type Sink } from './sink.ts';

const ACCOUNTS_LIMIT = 64;
const KINDS = { decimal: (value: unknown) => /^\d{1,20}$/.exec(wordOf(value))?.[0] ?? null };
/** A round, by its height. */
const roundOf = form('generationSignature:hex64 baseTarget:decimal height:jobId=decimal', KINDS);
const isAnswer = form('deadline:decimal result:string', KINDS);

type Said = Datum | Reply | Visit;
const READ = {
  certain: (message: Said) => recognise(message) === 'certain',
  possible: (message: Said) => recognise(message) === 'possible',
  read: (message: Said, session: Sink, own: SignumSession) => own.read(message, session),
};

export const signum = grammar({
  id: 'signum',
  title: 'Signum (Burst) mining',
  reference: 'Signum node API getMiningInfo and submitNonce; BlagoMiner, scavenger',
  checked: '2026-11',
  unpriced: 'space is proven, nothing is hashed',
  serves: 'Signum, formerly Burst',
  framing: 'http',
  perRequest: true,
  polls: ['/burst?requestType=getMiningInfo', '/api?requestType=getMiningInfo'],
  own: () => new SignumSession(),
  takes: ({ http }) => http !== undefined && http.status !== 101,
  isStrict: true,
  // An answer with a `result` comes as a reply.
  ofReply: recognise,
  ahead: (reply, session, own) => {
    own.read(reply, session);
    return true;
  },
  others: { visit: READ, datum: READ },
});

type Request = 'getMiningInfo' | 'submitNonce';

function recognise(message: Said): Recognition {
  const { http } = message;
  if (http === undefined) return 'foreign';
  // Of the server's end alone: a round.
  if (http.status >= 200 && http.target === '')
    return message.kind !== 'visit' && roundOf(message.body) !== null ? 'certain' : 'foreign';
  const request = requestOf(http);
  if (request === null) return 'foreign';
  if (http.status === 0) return request === 'submitNonce' ? 'certain' : 'possible';
  return message.kind !== 'visit' && (roundOf(message.body) ?? isAnswer(message.body))
    ? 'certain'
    : 'possible';
}

/** Pools kept the path of Burst; nodes renamed it to `/api`. */
function requestOf({ target }: HttpHead): Request | null {
  const query = /^\/(?:burst|api)\?(.*)$/s.exec(target)?.[1];
  const name = new URLSearchParams(query ?? '').get('requestType');
  return name === 'getMiningInfo' || name === 'submitNonce' ? name : null;
}

class SignumSession {
  private readonly named = new Set<string>();
  private round = '';

  read(message: Said, session: Sink): void {
    const { http } = message;
    if (http?.status === 0) this.readRequest(message, http, session);
    else if (http !== undefined && message.kind !== 'visit') {
      const round = roundOf(message.body);
      const { result, errorDescription } = message.body;
      const text = textOf(errorDescription) ?? textOf(result) ?? '';
      if (round !== null) this.job(round.jobId, session);
      else if (requestOf(http) === 'submitNonce')
        session.nextOutcome(result === 'success' ? ACCEPTED : { outcome: 'other', text });
    }
  }

  private readRequest(message: Message, head: HttpHead, session: Sink): void {
    const { target, headers } = head;
    const agent = textOf(headers.get('x-miner') ?? headers.get('user-agent'));
    if (agent !== null && this.named.size === 0) session.agent(agent);
    if (requestOf(head) !== 'submitNonce') {
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
}
