/**
 * ETHPROXY: Ethereum's work RPC as lines on a plain stream, with a login (Dwarfpool's eth-proxy, Claymore's default;
 * docs/reference/protocols.md 1.8). Jobs are pushed as replies with id 0; each carries its boundary. Over WebSocket, where nodes
 * answer the same methods, a miner subscribes to new work (2.4), and only work that is submitted tells it from a monitor.
 * Over HTTP they are getwork; other eth_ methods are a node's RPC and foreign.
 */
import { isCryptonoteAddress } from '../evidence/address.ts';
import type { Call } from '../framing/message.ts';
import {
  ethHashrate,
  ethSubmit,
  ethWork,
  isEthHashrate,
  shareBeside,
  signInBeside,
  WorkNames,
} from './eth-work.ts';
import type { Parts } from './form.ts';
import { ADMISSION, ANSWER, grammar, REFUSAL, REQUEST } from './grammar.ts';
import { isHidden, type Naming } from './opening.ts';
import { isNothing, isWebSocket, listOf, objectOf, stringsOf } from './shape.ts';
import type { Sink } from './sink.ts';

export const ethProxy = grammar({
  id: 'eth-proxy',
  title: 'ETHPROXY',
  reference:
    'eth-proxy, ethminer, open-ethereum-pool, zano src/stratum/stratum_server.cpp, docs/reference/protocols.md 1.8',
  serves: 'Ethereum Classic, EthereumPoW, formerly Ethereum, and other Ethash coins; Zano',
  framing: 'json-lines',
  own: () => new EthProxySession(),
  // Multi-coin pools push such work to every client, so without a request it proves only that the pool has some.
  ofReply: (reply) => {
    if (isWebSocket(reply) || ethWork(reply.result) === null) return 'foreign';
    return reply.call?.method === 'eth_getWork' ? 'certain' : 'possible';
  },
  ahead: ({ result }, session, own) => own.takeWork(ethWork(result), session),
  rows: {
    eth_submitLogin: {
      certain: (params, call) => !isWebSocket(call) && stringsOf(params, 1, 2),
      possible: (_, call) => !isWebSocket(call) && isHidden(call),
      read: (call, session, own) => own.login(call, session),
      reply: ADMISSION,
    },
    eth_getWork: {
      // Monitors ask a node on a socket so; its answer with work makes it certain.
      possible: (params, call) => isNothing(params) || isWebSocket(call),
      // Observed first, it is a poll of a session that began before the capture and opens none.
      read: (call, session, own) => {
        own.sawMiner = true;
        if (own.isUnderWay) session.request(call.method);
      },
      reply: REFUSAL,
    },
    // Miners alone submit; monitors ask and subscribe over WebSocket too.
    eth_submitWork: {
      certain: ethSubmit,
      possible: (_, call) => !isWebSocket(call) && isHidden(call),
      share: shareBeside(ethSubmit),
      read: (_, session, own) => own.submits(session),
      reply: ANSWER,
    },
    eth_submitHashrate: {
      // Miners report their rate in EthereumStratum as well.
      possible: (params, call) => isEthHashrate(params) ?? (!isWebSocket(call) && isHidden(call)),
      read: ethHashrate,
    },
    eth_subscribe: {
      possible: (params, call) => isWebSocket(call) && isOfWork(params),
      read: (call, session, own) => own.subscribe(call, session),
    },
    eth_subscription: {
      possible: (params, call) => isWebSocket(call) && pushedWork(params),
      read: ({ params }, session, own) => own.takeWork(pushedWork(params), session),
    },
  },
});

/** Of the coins whose addresses are CryptoNote's, Zano's node alone speaks this. */
const ZANO: Naming = { algorithm: 'progpow_zano', coin: 'ZANO', detail: 'login with a CryptoNote address' };

function isOfWork(params: unknown): boolean {
  return listOf(params)?.[0] === 'newWork';
}

/** Work that comes upon a subscription; null if the call is something else. */
function pushedWork(params: unknown): Parts | null {
  return ethWork(objectOf(params)?.result);
}

class EthProxySession {
  private readonly names = new WorkNames();
  private isZano = false;
  isUnderWay = false;
  /** The miner's end was heard: coins that are no relatives push work of the same form. */
  sawMiner = false;

  takeWork(work: Parts | null, session: Sink): boolean {
    if (work === null) return false;
    if (this.sawMiner) this.names.say(this.isZano ? ZANO : undefined, session);
    this.isUnderWay = true;
    session.job(work.jobId, work.hashes);
    return true;
  }

  subscribe(call: Call, session: Sink): void {
    if (!isOfWork(call.params)) return;
    this.sawMiner = true;
    REQUEST(call, session);
  }

  submits(session: Sink): void {
    this.sawMiner = true;
    if (this.isUnderWay) this.names.say(this.isZano ? ZANO : undefined, session, 'miner');
  }

  login(call: Call, session: Sink): void {
    this.isUnderWay = true;
    this.sawMiner = true;
    const login = signInBeside(call, session);
    this.isZano = login !== null && isCryptonoteAddress(login.account);
  }
}
