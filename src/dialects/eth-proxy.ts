/**
 * ETHPROXY: Ethereum's work RPC as lines on a plain stream, with a login (Dwarfpool's eth-proxy, Claymore's default;
 * docs/protocols.md 1.8). Jobs are pushed as replies with id 0; each carries its boundary. Over WebSocket, where nodes
 * answer the same methods, a miner subscribes to new work (2.4), and only work that is submitted tells it from a monitor.
 * Over HTTP they are getwork; other eth_ methods are a node's RPC and foreign.
 */

import { isCryptonoteAddress } from '../evidence/address.ts';
import type { Call, Message } from '../framing/message.ts';
import type { Dialect, Recognition } from './dialect.ts';
import {
  type EthWork,
  ethHashrate,
  ethSubmit,
  ethWork,
  isEthHashrate,
  type Naming,
  WorkNames,
} from './eth-work.ts';
import { loginOf } from './opening.ts';
import { isPlain, isWebSocket, listOf, objectOf, stringsOf, textOf } from './shape.ts';
import type { Sink } from './sink.ts';

export const ethProxy: Dialect = {
  id: 'eth-proxy',
  title: 'ETHPROXY',
  reference:
    'eth-proxy, ethminer, open-ethereum-pool, zano src/stratum/stratum_server.cpp, docs/protocols.md 1.8',
  serves: 'Ethereum Classic, EthereumPoW, formerly Ethereum, and other Ethash coins; Zano',
  framing: 'json-lines',
  methods: [
    'eth_submitLogin',
    'eth_getWork',
    'eth_submitWork',
    'eth_submitHashrate',
    'eth_subscribe',
    'eth_subscription',
    '#reply',
  ],
  recognise,
  reader: () => new EthProxySession(),
};

/** Of the coins whose addresses are CryptoNote's, Zano's node alone speaks this. */
const ZANO: Naming = { algorithm: 'progpow_zano', coin: 'ZANO', detail: 'login with a CryptoNote address' };

function recognise(message: Message): Recognition {
  if (!isPlain(message)) return 'foreign';
  if (isWebSocket(message)) return recogniseSocket(message);
  if (message.kind === 'reply') {
    // Multi-coin pools push such work to every client, so without a request it proves only that the pool has some.
    if (ethWork(message.result) !== null)
      return message.call?.method === 'eth_getWork' ? 'certain' : 'possible';
    return message.call !== undefined && recognise(message.call) !== 'foreign' ? 'possible' : 'foreign';
  }
  if (message.kind !== 'call') return 'foreign';
  const { method, params, cut } = message;
  const isHidden = cut && params === undefined;
  switch (method) {
    case 'eth_submitLogin':
      return isHidden ? 'possible' : stringsOf(params, 1, 2) !== null ? 'certain' : 'foreign';
    case 'eth_getWork':
      // Monitors ask a node on a socket so; its answer with work makes it certain.
      return params === undefined || listOf(params)?.length === 0 ? 'possible' : 'foreign';
    case 'eth_submitWork':
      return isHidden ? 'possible' : ethSubmit(params) !== null ? 'certain' : 'foreign';
    case 'eth_submitHashrate':
      // Miners report their rate in EthereumStratum as well.
      return isHidden || isEthHashrate(params) ? 'possible' : 'foreign';
    default:
      return 'foreign';
  }
}

/** Monitors ask and subscribe over WebSocket too; miners alone submit. */
function recogniseSocket(message: Message): Recognition {
  if (message.kind === 'reply') {
    return message.call !== undefined && recogniseSocket(message.call) !== 'foreign' ? 'possible' : 'foreign';
  }
  if (message.kind !== 'call') return 'foreign';
  if (message.method === 'eth_submitWork') return ethSubmit(message.params) !== null ? 'certain' : 'foreign';
  if (message.method === 'eth_submitHashrate') return isEthHashrate(message.params) ? 'possible' : 'foreign';
  return isSubscribe(message) || pushedWork(message) !== null || message.method === 'eth_getWork'
    ? 'possible'
    : 'foreign';
}

function isSubscribe({ method, params }: Call): boolean {
  return method === 'eth_subscribe' && listOf(params)?.[0] === 'newWork';
}

/** Work that comes upon a subscription; null if the call is something else. */
function pushedWork({ method, params }: Call): EthWork | null {
  return method === 'eth_subscription' ? ethWork(objectOf(params)?.result) : null;
}

class EthProxySession {
  private readonly names = new WorkNames();
  private isZano = false;
  private isUnderWay = false;

  read(message: Message, session: Sink): void {
    if (!isPlain(message)) return;
    if (message.kind === 'call') this.readCall(message, session);
    else if (message.kind === 'reply') {
      const work = ethWork(message.result);
      if (work !== null) this.takeWork(work, session);
      else if (message.call?.method === 'eth_submitLogin') session.admission(message);
      else if (message.call?.method === 'eth_getWork') session.refusal(message);
      else session.answer(message);
    }
  }

  private takeWork({ jobId, hashes }: EthWork, session: Sink): void {
    this.names.take(this.isZano ? ZANO : undefined, session);
    this.isUnderWay = true;
    session.job(jobId, hashes);
  }

  private readCall(call: Call, session: Sink): void {
    const { method, params } = call;
    switch (method) {
      case 'eth_subscribe':
        if (isSubscribe(call)) session.request(method);
        return;
      case 'eth_subscription': {
        const work = pushedWork(call);
        if (work !== null) this.takeWork(work, session);
        return;
      }
      case 'eth_submitLogin': {
        this.isUnderWay = true;
        const login = loginOf(listOf(params)?.[0]);
        this.isZano = login !== null && isCryptonoteAddress(login.account);
        this.names.account(login);
        if (login === null) session.request(method);
        else session.login(login.account, login.worker ?? workerOf(call));
        return;
      }
      case 'eth_getWork':
        // Heard first, it is a poll of a session that began before the capture and opens none.
        if (this.isUnderWay) session.request(method);
        return;
      case 'eth_submitWork': {
        const share = ethSubmit(params);
        if (share === null && !(call.cut && params === undefined)) return;
        session.share(call, {
          jobId: share?.jobId ?? null,
          account: null,
          worker: workerOf(call),
          nonce: share?.nonce ?? null,
        });
        return;
      }
      case 'eth_submitHashrate':
        ethHashrate(params, session);
    }
  }
}

/** The worker is a key beside `params`. Claymore and its heirs put `eth1.0` there, which names no worker. */
function workerOf(call: Call): string | null {
  const worker = textOf(call.body.worker);
  return worker === 'eth1.0' ? null : worker;
}
