/**
 * Work by request over HTTP, in two families (docs/reference/protocols.md 3.1, 3.4): Bitcoin's `getwork`, whose answer and submit
 * are a padded header (Decred's and Handshake's are longer ones), and Ethereum's `eth_getWork`, `eth_submitWork` and `eth_submitHashrate` at pools that put the
 * wallet into the URL. Answers pair by the order of the connection. The account of Basic credentials is read, the
 * password never. A lone `eth_getWork` is what monitoring asks too, and only possible.
 */
import { hashesFromTarget256, hashesFromTarget256LittleEndian } from '../evidence/target.ts';
import type { Call, Message, Reply } from '../framing/message.ts';
import { ethHashrate, ethSubmit, ethWork, isEthHashrate, WorkNames } from './eth-work.ts';
import { grammar, REFUSAL, REQUEST } from './grammar.ts';
import { isByMiner, loginOf } from './opening.ts';
import {
  basicUser,
  headerOf,
  isHex,
  isListOrNothing,
  isOverHttp,
  isWebSocket,
  listOf,
  objectOf,
  textOf,
} from './shape.ts';
import type { SharePart, Sink } from './sink.ts';

/** Header fields that only mining over HTTP has. */
const MINING_FIELDS = ['x-mining-extensions', 'x-long-polling', 'x-stratum', 'x-roll-ntime'];

/** True for a message whose header fields belong to mining. */
export function hasMiningFields(message: Message): boolean {
  return MINING_FIELDS.some((name) => headerOf(message, name) !== '');
}

export const getwork = grammar({
  id: 'getwork',
  title: 'getwork and eth_getWork over HTTP',
  reference: 'Bitcoin getwork, Ethereum JSON-RPC, docs/reference/protocols.md 3.1 and 3.4',
  serves: 'Bitcoin and scrypt coins of old, yescrypt coins, Handshake, Decred; Ethash pools with HTTP',
  framing: 'http',
  perRequest: true,
  own: () => new GetworkSession(),
  takes: (message) => isOverHttp(message) && (message.kind === 'reply' || !isWebSocket(message)),
  isStrict: 'calls',
  always: (call, session, own) => own.named(call, session),
  ofReply: (reply, ofCall) => {
    const { call } = reply;
    if (workOf(reply) === null) return 'foreign';
    // Of the server's end alone: a padded header and its target.
    if (call === undefined) return 'possible';
    if (ofCall() === 'foreign') return 'foreign';
    // A program that names itself as something else watches a node.
    const isWatched = headerOf(call, 'user-agent') !== '' && !isByMiner(call) && ofCall() === 'possible';
    return isWatched ? 'possible' : 'certain';
  },
  ahead: (reply, session, own) => own.answered(reply, session),
  rows: {
    getwork: {
      certain: (params, call) =>
        isGetwork(params) && (dataIn(params) !== null || hasMiningFields(call) || isByMiner(call)),
      possible: isGetwork,
      read: (call, session) => {
        const data = dataIn(call.params);
        if (data === null) session.request(call.method);
        else session.share(call, shareOf(data) ?? {});
      },
      reply: REFUSAL,
    },
    submitwork: {
      certain: (params, call) => dataIn(params) !== null && (hasMiningFields(call) || isByMiner(call)),
      possible: dataIn,
      share: (params) => shareOf(dataIn(params)),
      reply: REFUSAL,
    },
    eth_getWork: {
      certain: (params, call) => isListOrNothing(params) && walletInTarget(call),
      possible: isListOrNothing,
      read: REQUEST,
      reply: REFUSAL,
    },
    eth_submitWork: { certain: ethSubmit, share: ethSubmit, reply: REFUSAL },
    eth_submitHashrate: {
      certain: (params, call) => isEthHashrate(params) && walletInTarget(call),
      possible: isEthHashrate,
      read: ethHashrate,
      reply: REFUSAL,
    },
  },
  others: { visit: { possible: hasMiningFields }, datum: { possible: hasMiningFields } },
});

/**
 * Headers by their digits: where the nonce stands, and how the target is written. Bitcoin's (scrypt coins use the same layout),
 * dcrd's, and hsd's, which `submitwork` hands in (hsd lib/mining/template.js).
 */
const HEADERS: ReadonlyMap<number, { readonly nonceAt: number; readonly work: typeof hashesFromTarget256 }> =
  new Map([
    [256, { nonceAt: 152, work: hashesFromTarget256LittleEndian }],
    [384, { nonceAt: 280, work: hashesFromTarget256LittleEndian }],
    [512, { nonceAt: 0, work: hashesFromTarget256 }],
  ]);

/** The padded header that is handed in; null if work is asked for. */
function dataIn(params: unknown): string | null {
  const [data, ...rest] = listOf(params) ?? [];
  return isHeader(data) && rest.length === 0 ? data : null;
}

function isHeader(data: unknown): data is string {
  return [...HEADERS.keys()].some((digits) => isHex(data, digits));
}

function shareOf(data: string | null): SharePart | null {
  const nonceAt = HEADERS.get(data?.length ?? 0)?.nonceAt;
  if (data === null || nonceAt === undefined) return null;
  return { jobId: merkleRoot(data), nonce: data.slice(nonceAt, nonceAt + 8) };
}

function isGetwork(params: unknown): boolean {
  return listOf(params ?? [])?.length === 0 || dataIn(params) !== null;
}

function workOf(reply: Reply): { readonly jobId: string; readonly hashes: number | null } | null {
  if (reply.call?.method === 'eth_getWork') return ethWork(reply.result);
  const result = objectOf(reply.result);
  if (!isHeader(result?.data) || !isHex(result.target, 64)) return null;
  const hashes = HEADERS.get(result.data.length)?.work(result.target) ?? null;
  return { jobId: merkleRoot(result.data), hashes };
}

/**
 * Header as 32-bit words: version 1, previous hash 8, merkle root 8, time 1, bits 1, nonce 1, padding. The time may
 * roll, so the root names the work. In hsd's these digits are of the previous hash.
 */
function merkleRoot(data: string): string {
  return data.slice(72, 136).toLowerCase();
}

/** `/?miner=RATE@WALLET@RIG`, `/WALLET/RIG` or `/WALLET.RIG`: what pools with HTTP want in the URL. */
function walletInTarget(message: Message): { login: string; worker: string | null } | null {
  const target = message.http?.target ?? '';
  const match =
    /^\/?\?miner=[0-9.]*@(0x[0-9a-fA-F]{40})(?:@([^&]{0,64}))?/.exec(target) ??
    /^\/(?:[a-z]{1,16}\/)?(0x[0-9a-fA-F]{40})(?:[/.]([^/?]{0,64}))?(?:[/?]|$)/.exec(target);
  return match === null ? null : { login: match[1], worker: textOf(match[2]) };
}

/** hsd answers `[true, "valid"]`, or false and the reason. */
function errorIn({ result, error }: Reply): unknown {
  const [isTaken, reason] = listOf(result) ?? [];
  return isTaken === false ? { message: textOf(reason) ?? '' } : error;
}

class GetworkSession {
  private login = '';
  private readonly names = new WorkNames();

  /** True if the reply is work, or answers a share. */
  answered(reply: Reply, session: Sink): boolean {
    const work = workOf(reply);
    const reason = textOf(headerOf(reply, 'x-reject-reason'));
    if (work === null) return session.answer(reply, reason === null ? errorIn(reply) : { message: reason });
    if (reply.call?.method === 'eth_getWork') this.names.say(undefined, session);
    session.consent();
    session.job(work.jobId, work.hashes);
    return true;
  }

  /** Who asks: the wallet in the URL or the user of the credentials, and the software. Said once. */
  named(call: Call, session: Sink): void {
    const wallet = walletInTarget(call);
    const login = wallet === null ? loginOf(basicUser(call)) : loginOf(wallet.login, wallet.worker);
    const key = JSON.stringify(login);
    if (key !== this.login) session.signInAs(login);
    this.login = key;
    session.userAgent(call);
  }
}
