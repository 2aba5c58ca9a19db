/**
 * Chia's pool protocol over HTTP (docs/protocols.md 1.25), seen in clear only behind a proxy that opens TLS. A farmer
 * proves space and hashes nothing: partials are counted as shares without any work, so that no hashrate comes of them.
 */

import type { Fact } from '../evidence/fact.ts';
import { classifyAnswer } from '../evidence/outcome.ts';
import type { Datum, JsonObject, Message } from '../framing/message.ts';
import type { Dialect, Recognition } from './dialect.ts';
import { loginFact, Shares } from './opening.ts';
import { hexDigits, objectOf, textOf } from './shape.ts';

const OPEN_LIMIT = 256;

export const chia: Dialect = {
  id: 'chia',
  title: 'Chia pool protocol (farming)',
  reference: 'Chia pool-reference specification, docs/protocols.md 1.25',
  unpriced: 'space is proven, nothing is hashed',
  serves: 'Chia',
  framing: 'http',
  perRequest: true,
  polls: ['/farmer', '/login', '/pool_info'],
  recognise,
  reader: () => new ChiaSession(),
};

function recognise(message: Message): Recognition {
  const path = pathOf(message);
  if (message.kind === 'visit') return farmerIn(message.http.target) !== null ? 'certain' : 'foreign';
  if (message.kind !== 'datum' || path === '') return 'foreign';
  if (message.http?.status === 0) {
    const payload = objectOf(message.body.payload);
    if (hexDigits(payload?.launcher_id, 64, true) === null) return 'foreign';
    if (path === '/partial') return objectOf(payload?.proof_of_space) !== null ? 'certain' : 'foreign';
    return path === '/farmer' && hexDigits(payload?.authentication_public_key, 96, true) !== null
      ? 'certain'
      : 'foreign';
  }
  return isAnswer(message.body, path) ? 'possible' : 'foreign';
}

/** Path of the request, or of the request that is answered; '' for anything that is not one of the protocol's. */
function pathOf(message: Message): string {
  const [path = ''] = (message.http?.target ?? '').split('?');
  return /^\/(pool_info|farmer|partial|login)$/.test(path) ? path : '';
}

/** The farmer that `GET /farmer` and `GET /login` name. */
function farmerIn(target: string): string | null {
  const match = /^\/(?:farmer|login)\?(?:[^#]*&)?launcher_id=(?:0x)?([0-9a-fA-F]{64})(?:&|$)/.exec(target);
  return match !== null && /[?&]authentication_token=\d+/.test(target) ? match[1].toLowerCase() : null;
}

function isAnswer(body: JsonObject, path: string): boolean {
  if (typeof body.error_code === 'number' && typeof body.error_message === 'string') return true;
  if (path === '/partial') return typeof body.new_difficulty === 'number';
  if (path === '/farmer') {
    return typeof body.welcome_message === 'string' || typeof body.current_difficulty === 'number';
  }
  return path === '/pool_info' && typeof body.target_puzzle_hash === 'string';
}

class ChiaSession {
  private readonly shares = new Shares();
  /** Partials without an answer; HTTP answers in order. */
  private readonly open: Datum[] = [];
  private farmer = '';

  *read(message: Message): Iterable<Fact> {
    if (recognise(message) === 'foreign') return;
    if (message.kind === 'visit') yield* this.named(farmerIn(message.http.target));
    else if (message.kind === 'datum') {
      if (message.http?.status === 0) yield* this.readRequest(message);
      else yield* this.readAnswer(message.body, pathOf(message));
    }
  }

  private *named(farmer: string | null): Iterable<Fact> {
    if (farmer === null || farmer === this.farmer) return;
    this.farmer = farmer;
    const login = loginFact(farmer);
    if (login !== null) yield login;
    const detail = 'partials of Chia: space is proven, nothing is hashed';
    yield { kind: 'algorithm', algorithm: 'proof-of-space', source: 'dialect', detail, side: 'miner' };
    yield { kind: 'coin', coin: 'XCH', source: 'dialect', side: 'miner' };
  }

  private *readRequest(message: Datum): Iterable<Fact> {
    const payload = objectOf(message.body.payload);
    yield* this.named(hexDigits(payload?.launcher_id, 64, true));
    if (pathOf(message) !== '/partial') return;
    if (this.open.length === OPEN_LIMIT) this.open.shift();
    this.open.push(message);
    const jobId = textOf(payload?.sp_hash);
    yield this.shares.take(message, { jobId, account: null, worker: null, nonce: null });
  }

  private *readAnswer(body: JsonObject, path: string): Iterable<Fact> {
    const words = textOf(body.error_message);
    const isRefused = typeof body.error_code === 'number';
    if (path === '/partial') {
      const answer = classifyAnswer(true, isRefused ? { message: words ?? '' } : null);
      yield* this.shares.answerTo(this.open.shift(), answer);
    } else if (path === '/farmer') {
      yield { kind: 'admission', admitted: !isRefused, reason: isRefused ? (words ?? '') : '' };
    } else yield { kind: 'service', method: path };
  }
}
