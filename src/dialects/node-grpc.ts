/**
 * Mining at a node by gRPC, known by the path of its service and read by the numbers of fields. Kaspa and its forks have one
 * stream for all (`protowire.RPC/MessageStream`, kaspad rpc.proto): a template for an address is asked for, the block comes back
 * with its nonce. Tari's base node and ShaP2Pool (`tari.rpc`, base_node.proto, block.proto) have a call for each. Other calls of the same
 * services are those of wallets and explorers.
 */
import { identifyAccount } from '../evidence/account.ts';
import { hashesFromCompact } from '../evidence/target.ts';
import type { GrpcMessage, Visit } from '../framing/message.ts';
import { grammar } from './grammar.ts';
import { ProtoMessage } from './protobuf.ts';
import { headerOf, isHex, textOf } from './shape.ts';
import { ACCEPTED, type Sink } from './sink.ts';

export const nodeGrpc = grammar({
  id: 'node-grpc',
  title: 'gRPC of Kaspa’s and Tari’s nodes (solo)',
  reference: 'kaspad protowire rpc.proto and messages.proto, tari base_node.proto, block.proto, p2pool.proto',
  checked: '2026-12',
  serves: 'Kaspa and its forks, Tari, without a pool or at ShaP2Pool',
  framing: 'http',
  own: () => new NodeSession(),
  takes: ({ kind, http }) => kind === 'grpc-message' || (kind === 'visit' && http.status >= 200),
  others: {
    'grpc-message': {
      certain: (message) => saidIn(message),
      read: (message, session, own) => own.read(saidIn(message), session, message),
    },
    visit: { read: (message, session, own) => own.failed(message, session) },
  },
});

/** What a message is in the course of a session. */
type Said =
  | { readonly kind: 'asks'; readonly account: string | null; readonly chain: Chain }
  | {
      readonly kind: 'job';
      readonly id: string;
      readonly hashes: number | null;
      readonly algorithm: string | null;
    }
  | { readonly kind: 'share'; readonly id: string; readonly nonce: string; readonly account: string | null }
  | { readonly kind: 'answer'; readonly refusal: string | null };
type Chain = 'kaspa' | 'tari';

const TARI = /^\/tari\.rpc\.(?:BaseNode|ShaP2Pool)\/(\w+)$/;
/** Of `PowAlgo`: merge mining with Monero, SHA3x, RandomX of its own, Cuckaroo of 29 bits. */
const TARI_ALGORITHMS = ['rx/0', 'sha3x', 'rx/0', 'cuckaroo29'];

function saidIn(message: GrpcMessage): Said | null {
  const { target, status } = message.http;
  const isAnswer = status >= 200;
  if (target === '/protowire.RPC/MessageStream') return kaspa(new ProtoMessage(message.payload), isAnswer);
  // Of the node's end alone the path is not known: its templates are.
  if (target === '' && isAnswer) {
    const said = kaspa(new ProtoMessage(message.payload), true);
    return said?.kind === 'job' && isHex(said.id, 64) ? said : null;
  }
  const method = TARI.exec(target)?.[1];
  return method === undefined ? null : tari(method, new ProtoMessage(message.payload), isAnswer);
}

/** Numbers of the requests and responses in `KaspadMessage`, and of the fields in them. */
function kaspa(said: ProtoMessage, isAnswer: boolean): Said | null {
  const asked = said.message(1005);
  const submitted = said.message(1003, 2, 1);
  const template = said.message(1006, 3, 1);
  const answer = said.message(1004);
  if (!isAnswer && asked !== null) {
    const account = asked.text(1);
    return account !== null && /^[a-z]+:[a-z0-9]+$/.test(account)
      ? { kind: 'asks', account, chain: 'kaspa' }
      : null;
  }
  if (!isAnswer && submitted !== null) {
    return { kind: 'share', id: submitted.text(3) ?? '', nonce: hex(submitted.number(8)), account: null };
  }
  if (isAnswer && template !== null) {
    const hashes = hashesFromCompact((template.number(7) ?? 0).toString(16).padStart(8, '0'));
    return { kind: 'job', id: template.text(3) ?? '', hashes, algorithm: null };
  }
  if (!isAnswer || answer === null) return null;
  const reason = answer.message(1000)?.text(1) ?? null;
  return { kind: 'answer', refusal: reason ?? ((answer.number(1) ?? 0) === 0 ? null : 'block refused') };
}

function tari(method: string, said: ProtoMessage, isAnswer: boolean): Said | null {
  if (/^SubmitBlock(?:Blob)?$/.test(method)) {
    if (isAnswer) return { kind: 'answer', refusal: null };
    // ShaP2Pool has the block behind the wallet or before it.
    const header = said.message(1, 1)?.bytes(4)
      ? said.message(1, 1)
      : (said.message(1) ?? said.message(2, 1));
    const account = [1, 2]
      .map((field) => said.text(field))
      .find((text) => /^[1-9A-HJ-NP-Za-km-z]{60,120}$/.test(text ?? ''));
    return {
      kind: 'share',
      id: jobId(header),
      nonce: hex(header?.number(11) ?? null),
      account: account ?? null,
    };
  }
  if (!/^GetNewBlock(?:Template)?(?:WithCoinbases)?$/.test(method)) return null;
  if (!isAnswer)
    return {
      kind: 'asks',
      account: said.message(3)?.text(1) ?? said.message(2)?.text(1) ?? null,
      chain: 'tari',
    };
  // A template alone is not worked on: the block is, which is asked for next.
  if (method === 'GetNewBlockTemplate') return null;
  const result = said.message(1)?.message(2) == null ? said : (said.message(1) ?? said);
  const block = result.message(2, 1);
  if (block === null) return null;
  const hashes = result.message(5)?.number(2) ?? said.number(2);
  const algorithm = TARI_ALGORITHMS[block.message(12)?.number(1) ?? 0] ?? null;
  return { kind: 'job', id: jobId(block), hashes, algorithm };
}

/** Height and previous hash of a header of Tari. */
function jobId(header: ProtoMessage | null): string {
  return `${header?.number(3) ?? ''} ${Buffer.from(header?.bytes(4) ?? []).toString('hex')}`;
}

function hex(nonce: number | null): string {
  return Number.isSafeInteger(nonce) ? (nonce ?? 0).toString(16).padStart(16, '0') : '';
}

class NodeSession {
  private chain: Chain | null = null;
  private account = '';

  read(said: Said | null, session: Sink, message: GrpcMessage): void {
    switch (said?.kind) {
      case 'asks':
        this.asks(said.account, said.chain, session, message);
        break;
      case 'job':
        this.name(said.algorithm, session);
        session.job(said.id, said.hashes);
        break;
      case 'share':
        session.shareInOrder(message, {
          jobId: said.id,
          nonce: said.nonce === '' ? null : said.nonce,
          user: said.account,
        });
        break;
      case 'answer':
        session.nextOutcome(said.refusal === null ? ACCEPTED : { outcome: 'other', text: said.refusal });
        break;
      default:
    }
  }

  /** A call that was answered with an error has no message. */
  failed(message: Visit, session: Sink): void {
    const status = headerOf(message, 'grpc-status');
    if (status === '' || status === '0' || !/\/SubmitBlock/.test(message.http.target)) return;
    session.nextOutcome({ outcome: 'other', text: textOf(headerOf(message, 'grpc-message')) ?? '' });
  }

  private asks(account: string | null, chain: Chain, session: Sink, message: GrpcMessage): void {
    session.request(message.http.target.slice(1));
    if (this.chain !== null && (account ?? '') === this.account) return;
    this.chain = chain;
    this.account = account ?? this.account;
    session.userAgent(message);
    session.signIn(account);
  }

  /** The address is paid for the block: it is one of its chain. */
  private name(algorithm: string | null, session: Sink): void {
    if (this.chain === 'tari' || algorithm !== null) {
      session.mines('XTM', 'dialect');
      if (algorithm !== null) session.named(algorithm, 'job', 'algorithm of the block');
      return;
    }
    const known = identifyAccount(this.account);
    session.named(
      known?.algorithm ?? 'kaspa-family',
      known?.algorithm == null ? 'family' : 'dialect',
      'blocks of Kaspa’s node',
    );
    if (known?.checksum === 'valid' && known.coins.length === 1) session.mines(known.coins[0], 'dialect');
  }
}
