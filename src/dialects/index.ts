/**
 * The dialects, most specific first: if several know the same message, the earlier one has the narrower
 * shape. Stratum v1 comes late because its handshake is everybody's, and behind it what speaks likewise in a form of its
 * own. Adding a dialect is a file, a line here and a
 * fixture.
 */

import type { Message } from '../framing/message.ts';
import { push } from '../order.ts';
import { aeternity } from './aeternity.ts';
import { aion } from './aion.ts';
import { aleo } from './aleo.ts';
import { alephium } from './alephium.ts';
import { alephiumNode } from './alephium-node.ts';
import { beam } from './beam.ts';
import { btcAgent } from './btc-agent.ts';
import { btx } from './btx.ts';
import { bytom } from './bytom.ts';
import { chia } from './chia.ts';
import { codechain } from './codechain.ts';
import { conflux } from './conflux.ts';
import { cortex } from './cortex.ts';
import { cryptonote } from './cryptonote.ts';
import { decred } from './decred.ts';
import { dero } from './dero.ts';
import { deviceApi } from './device-api.ts';
import type { Dialect } from './dialect.ts';
import { duinoCoin } from './duino-coin.ts';
import { epic } from './epic.ts';
import { ergo } from './ergo.ts';
import { ethProxy } from './eth-proxy.ts';
import { ethereumStratum1 } from './ethereum-stratum-1.ts';
import { ethereumStratum2 } from './ethereum-stratum-2.ts';
import { getblocktemplate } from './getblocktemplate.ts';
import { getwork } from './getwork.ts';
import { grin } from './grin.ts';
import { handshake } from './handshake.ts';
import { ironFish } from './iron-fish.ts';
import { kadena } from './kadena.ts';
import { kaspa } from './kaspa.ts';
import { kawpow } from './kawpow.ts';
import { moneroDaemon } from './monero-daemon.ts';
import { nervos } from './nervos.ts';
import { nimiq } from './nimiq.ts';
import { nodeGrpc } from './node-grpc.ts';
import { pearl } from './pearl.ts';
import { polledWork } from './polled-work.ts';
import { shaicoin } from './shaicoin.ts';
import { sia } from './sia.ts';
import { signum } from './signum.ts';
import { stratumOther } from './stratum-other.ts';
import { stratumV1 } from './stratum-v1.ts';
import { stratumV2 } from './stratum-v2.ts';
import { telemetry } from './telemetry.ts';
import { ton } from './ton.ts';
import { warthog } from './warthog.ts';
import { websocketMiner } from './websocket-miner.ts';
import { xelis } from './xelis.ts';
import { xelisNode } from './xelis-node.ts';
import { zip301 } from './zip301.ts';
export const DIALECTS: readonly Dialect[] = [
  stratumV2,
  alephiumNode,
  nodeGrpc,
  btcAgent,
  duinoCoin,
  moneroDaemon,
  getwork,
  getblocktemplate,
  polledWork,
  chia,
  signum,
  deviceApi,
  telemetry,
  bytom,
  cryptonote,
  epic,
  grin,
  beam,
  websocketMiner,
  dero,
  xelisNode,
  shaicoin,
  ton,
  nimiq,
  ironFish,
  cortex,
  ethProxy,
  ethereumStratum2,
  nervos,
  handshake,
  alephium,
  pearl,
  btx,
  warthog,
  aeternity,
  ergo,
  decred,
  sia,
  zip301,
  kawpow,
  aleo,
  aion,
  codechain,
  conflux,
  xelis,
  kadena,
  kaspa,
  ethereumStratum1,
  stratumV1,
  stratumOther,
];

/** Ids of those whose sessions fold over connections. */
export const FOLDED: ReadonlySet<string> = new Set(
  DIALECTS.filter(({ perRequest }) => perRequest === true).map(({ id }) => id),
);

/** The dialects by what they may know (`Dialect.methods`), most specific first. */
const BY_METHOD = new Map<string, Dialect[]>();
for (const dialect of DIALECTS) {
  for (const method of dialect.methods) push(BY_METHOD, method, dialect);
}
const NONE: readonly Dialect[] = [];

/**
 * The dialects that may know a message: by the method of the call, or of the call that it answers. What has no such
 * method, or one that no dialect names, goes by its kind: `#call`, `#reply`, `#datum`, `#visit` and so on.
 */
export function candidates(message: Message): readonly Dialect[] {
  const call = message.kind === 'reply' ? message.call : message.kind === 'call' ? message : undefined;
  const named = call === undefined ? undefined : BY_METHOD.get(call.method);
  return named ?? BY_METHOD.get(`#${message.kind}`) ?? NONE;
}
