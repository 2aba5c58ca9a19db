/**
 * Nimiq's pool protocol over WebSocket (docs/reference/protocols.md 1.23): objects with `message`. The pool sets a target as a
 * decimal number and answers no share that is fine, so shares stay unanswered. Historical: the chain is proof of stake
 * since 2024.
 */
import { hashesFromTargetDecimal } from '../evidence/target.ts';
import type { Datum } from '../framing/message.ts';
import { type Form, form, oneOf } from './form.ts';
import { grammar } from './grammar.ts';
import { isWebSocket, textOf } from './shape.ts';
import type { Sink } from './sink.ts';

const KINDS = {
  mode: /^(?:nano|smart|dumb)$/,
  address: /^NQ\d{2}(?: ?[0-9A-HJ-NP-VXY]{4}){8}$/,
  decimal: (value: unknown) => (typeof value === 'number' ? hashesFromTargetDecimal(value) : null),
  /** 32 bytes in base64. */
  digest: /^[A-Za-z0-9+/]{43}=$/,
  block: /^[A-Za-z0-9+/=]{100,}$/,
};
const isRegister = form('mode:mode address:address', KINDS);
const targetOf = form('target:hashes=decimal', KINDS);
const blockOf = form('bodyHash:jobId=digest', KINDS);
const isShare = oneOf(
  form('block:block minerAddrProof:string', KINDS),
  form('blockHeader:block minerAddrProof:string', KINDS),
);

/** What messages of a name must hold, so that nothing else has them. */
const OWN = new Map<unknown, Form>([
  ['register', isRegister],
  ['settings', form('target:decimal address:address', KINDS)],
  ['new-block', form('bodyHash:digest accountsHash:digest', KINDS)],
  ['share', isShare],
]);

export const nimiq = grammar({
  id: 'nimiq',
  title: 'Nimiq pool protocol',
  reference: 'Nimiq developer reference, docs/reference/protocols.md 1.23',
  serves: 'Nimiq, until its proof of stake',
  framing: 'websocket',
  own: () => new NimiqSession(),
  takes: isWebSocket,
  others: {
    datum: {
      certain: ({ body }) => OWN.get(body.message)?.(body),
      possible: ({ body }) => body.message === 'registered',
      read: (message, session, own) => own.read(message, session),
    },
  },
});

class NimiqSession {
  private job: string | null = null;

  read(message: Datum, session: Sink): void {
    const { body } = message;
    switch (body.message) {
      case 'register': {
        const device = typeof body.deviceId === 'number' ? String(body.deviceId) : null;
        if (isRegister(body) !== null) session.signIn(body.address, textOf(body.deviceName) ?? device);
        return;
      }
      case 'registered':
        session.admit();
        return;
      case 'settings': {
        const { hashes = null } = targetOf(body) ?? {};
        if (hashes !== null) session.difficulty(hashes);
        return;
      }
      case 'new-block':
        this.newBlock(blockOf(body)?.jobId, session);
        return;
      case 'share':
        if (isShare(body) !== null) session.share(message, { jobId: this.job });
        return;
      case 'error':
        session.refuse(textOf(body.reason) ?? '');
    }
  }

  private newBlock(hash: string | undefined, session: Sink): void {
    if (hash === undefined) return;
    session.names('argon2d-nim', 'NIM', 'blocks of Nimiq');
    this.job = hash;
    session.newJob(hash, null);
  }
}
