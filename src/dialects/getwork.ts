/**
 * Work by request over HTTP, in two families (docs/protocols.md 3.1, 3.4): Bitcoin's `getwork`, whose answer and submit
 * are a padded header, and Ethereum's `eth_getWork`, `eth_submitWork` and `eth_submitHashrate` at pools that put the
 * wallet into the URL. Answers pair by the order of the connection. The account of Basic credentials is read, the
 * password never. A lone `eth_getWork` is what monitoring asks too, and only possible.
 */
import { hashesFromTarget256LittleEndian } from '../evidence/target.ts';
import type { Call, Message, Reply } from '../framing/message.ts';
import type { Dialect, Recognition } from './dialect.ts';
import { ethHashrate, ethSubmit, ethWork, isEthHashrate, WorkNames } from './eth-work.ts';
import { isByMiner, loginOf } from './opening.ts';
import { basicUser, headerOf, isHex, isWebSocket, listOf, objectOf, textOf } from './shape.ts';
import type { Sink } from './sink.ts';

/** Header fields that only mining over HTTP has. */
const MINING_FIELDS = ['x-mining-extensions', 'x-long-polling', 'x-stratum', 'x-roll-ntime'];

export const getwork: Dialect = {
  id: 'getwork',
  title: 'getwork and eth_getWork over HTTP',
  reference: 'Bitcoin getwork, Ethereum JSON-RPC, docs/protocols.md 3.1 and 3.4',
  serves: 'Bitcoin and scrypt coins of old, yescrypt coins; Ethash pools with HTTP',
  framing: 'http',
  perRequest: true,
  methods: ['getwork', 'eth_getWork', 'eth_submitWork', 'eth_submitHashrate', '#visit', '#datum'],
  recognise,
  reader: () => new GetworkSession(),
};

/** True for a message whose header fields belong to mining. */
export function hasMiningFields(message: Message): boolean {
  return MINING_FIELDS.some((name) => headerOf(message, name) !== '');
}

function recognise(message: Message): Recognition {
  if (message.kind === 'reply') return recogniseReply(message);
  if (message.http === undefined || isWebSocket(message)) return 'foreign';
  if (message.kind !== 'call') return hasMiningFields(message) ? 'possible' : 'foreign';
  const { method, params } = message;
  switch (method) {
    case 'getwork':
      if (!isGetwork(params)) return 'foreign';
      return handsIn(params) || hasMiningFields(message) || isByMiner(message) ? 'certain' : 'possible';
    case 'eth_getWork':
      if (params !== undefined && listOf(params) === null) return 'foreign';
      return walletInTarget(message) !== null ? 'certain' : 'possible';
    case 'eth_submitWork':
      return ethSubmit(params) !== null ? 'certain' : 'foreign';
    case 'eth_submitHashrate':
      if (!isEthHashrate(params)) return 'foreign';
      return walletInTarget(message) !== null ? 'certain' : 'possible';
    default:
      return 'foreign';
  }
}

/** A pool without HTTP answers with a bare line, so a reply may come without a head. */
function recogniseReply(reply: Reply): Recognition {
  if (reply.call?.http === undefined || recognise(reply.call) === 'foreign') return 'foreign';
  if (workOf(reply) === null) return 'possible';
  // A program that names itself as something else watches a node.
  const agent = headerOf(reply.call, 'user-agent');
  const isWatched = agent !== '' && !isByMiner(reply.call) && recognise(reply.call) === 'possible';
  return isWatched ? 'possible' : 'certain';
}

function handsIn(params: unknown): boolean {
  return listOf(params)?.length === 1;
}

/** No parameter asks for work, one of 128 bytes hands it in. Scrypt coins use the same layout. */
function isGetwork(params: unknown): boolean {
  const list = listOf(params ?? []);
  return list?.length === 0 || (list?.length === 1 && isHex(list[0], 256));
}

interface Work {
  readonly jobId: string;
  readonly hashes: number | null;
}

function workOf(reply: Reply): Work | null {
  if (reply.call?.method === 'eth_getWork') return ethWork(reply.result);
  const result = objectOf(reply.result);
  if (!isHex(result?.data, 256) || !isHex(result.target, 64)) return null;
  return { jobId: merkleRoot(result.data), hashes: hashesFromTarget256LittleEndian(result.target) };
}

/**
 * Header as 32-bit words: version 1, previous hash 8, merkle root 8, time 1, bits 1, nonce 1, padding. The time may
 * roll, so the root names the work.
 */
function merkleRoot(data: string): string {
  return data.slice(72, 136).toLowerCase();
}

function nonceOf(data: string): string {
  return data.slice(152, 160);
}

/** `/?miner=RATE@WALLET@RIG`, `/WALLET/RIG` or `/WALLET.RIG`: what pools with HTTP want in the URL. */
function walletInTarget(message: Message): { login: string; worker: string | null } | null {
  const target = message.http?.target ?? '';
  const match =
    /^\/?\?miner=[0-9.]*@(0x[0-9a-fA-F]{40})(?:@([^&]{0,64}))?/.exec(target) ??
    /^\/(?:[a-z]{1,16}\/)?(0x[0-9a-fA-F]{40})(?:[/.]([^/?]{0,64}))?(?:[/?]|$)/.exec(target);
  return match === null ? null : { login: match[1], worker: textOf(match[2]) };
}

class GetworkSession {
  private login = '';
  private agent = '';
  private hasLogin = false;
  private isAdmitted = false;
  private readonly names = new WorkNames();

  read(message: Message, session: Sink): void {
    if (message.kind === 'call' && message.http !== undefined) this.readCall(message, session);
    else if (message.kind === 'reply' && message.call?.http !== undefined) this.readReply(message, session);
  }

  private readCall(call: Call, session: Sink): void {
    if (recognise(call) === 'foreign') return;
    this.named(call, session);
    const { method, params } = call;
    if (method === 'eth_submitHashrate') {
      ethHashrate(params, session);
      return;
    }
    if (method === 'eth_submitWork') {
      const share = ethSubmit(params);
      if (share !== null) session.share(call, { ...share });
      return;
    }
    const [data] = listOf(params) ?? [];
    if (method === 'getwork' && isHex(data, 256)) {
      session.share(call, {
        jobId: merkleRoot(data),
        account: null,
        worker: null,
        nonce: nonceOf(data),
      });
    } else session.request(method);
  }

  private readReply(reply: Reply, session: Sink): void {
    const work = workOf(reply);
    if (work !== null) {
      if (reply.call?.method === 'eth_getWork') this.names.take(undefined, session);
      // Work for a request that names its account is the consent; there is no other.
      if (this.hasLogin && !this.isAdmitted) {
        this.isAdmitted = true;
        session.admit();
      }
      session.job(work.jobId, work.hashes);
      return;
    }
    const reason = textOf(headerOf(reply, 'x-reject-reason'));
    if (session.answer(reply, reason === null ? reply.error : { message: reason })) return;
    if (reply.call !== undefined && recognise(reply.call) !== 'foreign') session.refusal(reply);
  }

  /** Who asks: the wallet in the URL or the user of the credentials, and the software. Said once. */
  private named(call: Call, session: Sink): void {
    const wallet = walletInTarget(call);
    const login = wallet === null ? loginOf(basicUser(call)) : loginOf(wallet.login, wallet.worker);
    const key = JSON.stringify(login);
    if (login !== null && key !== this.login) session.login(login.account, login.worker);
    this.names.account(login);
    this.login = key;
    this.hasLogin ||= login !== null;
    const agent = textOf(headerOf(call, 'user-agent'));
    if (agent === null || agent === this.agent) return;
    this.agent = agent;
    session.agent(agent);
  }
}
