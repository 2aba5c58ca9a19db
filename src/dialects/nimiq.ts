/**
 * Nimiq's pool protocol over WebSocket (docs/protocols.md 1.23): objects with `message`. The pool sets a target as a
 * decimal number and answers no share that is fine, so shares stay unanswered. Historical: the chain is proof of stake
 * since 2024.
 */
import { hashesFromTargetDecimal } from '../evidence/target.ts';
import type { JsonObject, Message } from '../framing/message.ts';
import type { Dialect, Recognition } from './dialect.ts';
import { isWebSocket, textOf } from './shape.ts';
import type { Sink } from './sink.ts';

const MODES = new Set(['nano', 'smart', 'dumb']);
const ADDRESS = /^NQ\d{2}(?: ?[0-9A-HJ-NP-VXY]{4}){8}$/;

export const nimiq: Dialect = {
  id: 'nimiq',
  title: 'Nimiq pool protocol',
  reference: 'Nimiq developer reference, docs/protocols.md 1.23',
  serves: 'Nimiq, until its proof of stake',
  framing: 'websocket',
  methods: ['#datum'],
  recognise,
  reader: () => new NimiqSession(),
};

function recognise(message: Message): Recognition {
  if (message.kind !== 'datum' || !isWebSocket(message)) return 'foreign';
  const { body } = message;
  switch (body.message) {
    case 'register':
      return isRegister(body) ? 'certain' : 'foreign';
    case 'settings':
      return targetOf(body) !== null && ADDRESS.test(String(body.address)) ? 'certain' : 'foreign';
    case 'new-block':
      return isDigest(body.bodyHash) && isDigest(body.accountsHash) ? 'certain' : 'foreign';
    case 'share':
      return isShare(body) ? 'certain' : 'foreign';
    case 'registered':
      return 'possible';
    default:
      return 'foreign';
  }
}

function isRegister({ mode, address }: JsonObject): boolean {
  return MODES.has(String(mode)) && ADDRESS.test(String(address));
}

function targetOf({ target }: JsonObject): number | null {
  return typeof target === 'number' ? hashesFromTargetDecimal(target) : null;
}

/** 32 bytes in base64. */
function isDigest(value: unknown): value is string {
  return typeof value === 'string' && /^[A-Za-z0-9+/]{43}=$/.test(value);
}

function isShare({ block, blockHeader, minerAddrProof }: JsonObject): boolean {
  return textBytes(block ?? blockHeader) >= 100 && typeof minerAddrProof === 'string';
}

function textBytes(value: unknown): number {
  return typeof value === 'string' && /^[A-Za-z0-9+/=]+$/.test(value) ? value.length : 0;
}

class NimiqSession {
  private job: string | null = null;

  read(message: Message, session: Sink): void {
    if (message.kind !== 'datum' || !isWebSocket(message)) return;
    const { body } = message;
    switch (body.message) {
      case 'register': {
        if (!isRegister(body)) return;
        const device = typeof body.deviceId === 'number' ? String(body.deviceId) : null;
        session.signIn(body.address, textOf(body.deviceName) ?? device);
        return;
      }
      case 'registered':
        session.admit();
        return;
      case 'settings': {
        const value = targetOf(body);
        if (value !== null) session.difficulty(value);
        return;
      }
      case 'new-block':
        this.newBlock(body, session);
        return;
      case 'share':
        if (isShare(body)) {
          session.share(message, { jobId: this.job });
        }
        return;
      case 'error':
        session.refuse(textOf(body.reason) ?? '');
    }
  }

  private newBlock({ bodyHash }: JsonObject, session: Sink): void {
    if (!isDigest(bodyHash)) return;
    session.names('argon2d-nim', 'NIM', 'blocks of Nimiq');
    this.job = bodyHash;
    session.newJob(bodyHash, null);
  }
}
