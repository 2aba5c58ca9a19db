/**
 * Chia's pool protocol over HTTP (docs/reference/protocols.md 1.25), seen in clear only behind a proxy that opens TLS. A farmer
 * proves space and hashes nothing: partials are counted as shares without any work, so that no hashrate comes of them.
 */
import { classifyAnswer } from '../evidence/outcome.ts';
import type { Datum, JsonObject, Message } from '../framing/message.ts';
import { grammar } from './grammar.ts';
import { hexDigits, objectOf, textOf } from './shape.ts';
import type { Sink } from './sink.ts';

export const chia = grammar({
  id: 'chia',
  title: 'Chia pool protocol (farming)',
  reference: 'Chia pool-reference specification, docs/reference/protocols.md 1.25',
  unpriced: 'space is proven, nothing is hashed',
  serves: 'Chia',
  framing: 'http',
  perRequest: true,
  polls: ['/farmer', '/login', '/pool_info'],
  own: () => new ChiaSession(),
  takes: () => true,
  isStrict: true,
  others: {
    visit: {
      certain: ({ http }) => farmerIn(http.target),
      read: ({ http }, session, own) => own.named(farmerIn(http.target), session),
    },
    datum: {
      certain: (message) => message.http?.status === 0 && isRequest(message),
      possible: (message) => message.http?.status !== 0 && isAnswer(message.body, pathOf(message)),
      read: (message, session, own) => {
        if (message.http?.status !== 0) own.readAnswer(message.body, pathOf(message), session);
        else own.readRequest(message, session);
      },
    },
  },
});

function isRequest(message: Datum): boolean {
  const path = pathOf(message);
  const payload = objectOf(message.body.payload);
  if (hexDigits(payload?.launcher_id, 64, true) === null) return false;
  if (path === '/partial') return objectOf(payload?.proof_of_space) !== null;
  return path === '/farmer' && hexDigits(payload?.authentication_public_key, 96, true) !== null;
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
  if (path === '') return false;
  if (typeof body.error_code === 'number' && typeof body.error_message === 'string') return true;
  if (path === '/partial') return typeof body.new_difficulty === 'number';
  if (path === '/farmer') {
    return typeof body.welcome_message === 'string' || typeof body.current_difficulty === 'number';
  }
  return path === '/pool_info' && typeof body.target_puzzle_hash === 'string';
}

class ChiaSession {
  private farmer = '';

  named(farmer: string | null, session: Sink): void {
    if (farmer === null || farmer === this.farmer) return;
    this.farmer = farmer;
    session.signIn(farmer);
    session.names('proof-of-space', 'XCH', 'partials of Chia: space is proven, nothing is hashed', 'miner');
  }

  readRequest(message: Datum, session: Sink): void {
    const payload = objectOf(message.body.payload);
    this.named(hexDigits(payload?.launcher_id, 64, true), session);
    if (pathOf(message) !== '/partial') return;
    session.shareInOrder(message, { jobId: textOf(payload?.sp_hash) });
  }

  readAnswer(body: JsonObject, path: string, session: Sink): void {
    const words = textOf(body.error_message);
    const isRefused = typeof body.error_code === 'number';
    if (path === '/partial') {
      const answer = classifyAnswer(true, isRefused ? { message: words ?? '' } : null);
      session.nextOutcome(answer);
    } else if (path === '/farmer') {
      session.admitted(!isRefused, isRefused ? (words ?? '') : '');
    } else session.service(path);
  }
}
