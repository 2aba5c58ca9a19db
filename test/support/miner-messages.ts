/**
 * Messages as miners and pools write them, to draw flow records whose sizes are those of real devices. Each line stands
 * as the program of its source writes it, with `<parts>` that differ from user to user or from message to message.
 */
import type { Random } from './random.ts';

/** Letters of each part, the least and the most. */
const PARTS: Readonly<Record<string, readonly [low: number, high: number]>> = {
  id: [1, 4],
  // `account.worker` of a pool with accounts, or an address of Bitcoin with a worker.
  user: [8, 60],
  // kaspa: and 61 characters, alone or with a worker; or an account.
  kaspa: [20, 84],
  job: [2, 18],
  nonce2: [8, 16],
  login: [15, 40],
  moneroJob: [15, 36],
  worker: [4, 20],
  blob: [150, 156],
  coinbase1: [90, 160],
  coinbase2: [110, 340],
  // 10 to 13 hashes of a full block, with quotes and commas; 5 to 11 of Litecoin's.
  branch: [670, 871],
  shortBranch: [335, 737],
};

export function sizeOf(message: string, rng: Random): number {
  let size = message.length + 1;
  for (const [text, part = ''] of message.matchAll(/<(\w+)>/g)) {
    const digits = Number(part);
    size += (Number.isNaN(digits) ? rng.between(...(PARTS[part] ?? [0, 0])) : digits) - text.length;
  }
  return size;
}

/** What miners submit. */
export const SUBMITS = {
  /** XMRig, src/base/net/stratum/Client.cpp. */
  xmrig:
    '{"id":<id>,"jsonrpc":"2.0","method":"submit","params":{"id":"<login>","job_id":"<moneroJob>","nonce":"<8>","result":"<64>","algo":"rx/0"}}',
  /** xmr-stak, xmrstak/net/jpsock.cpp; XMRig of old wrote the same members. */
  xmrStak:
    '{"method":"submit","params":{"id":"<login>","job_id":"<moneroJob>","nonce":"<8>","result":"<64>"},"id":<id>}',
  /** cgminer, util.c and cgminer.c; firmware of scrypt ASICs. */
  cgminer: '{"params": ["<user>", "<job>", "<nonce2>", "<8>", "<8>"], "id": <id>, "method": "mining.submit"}',
  /** Bitmain's cgminer: the bits of the version that it rolled come last. */
  bmminer:
    '{"params": ["<user>", "<job>", "<nonce2>", "<8>", "<8>", "<8>"], "id": <id>, "method": "mining.submit"}',
  /** ESP-Miner (Bitaxe), components/stratum/stratum_api.c. */
  espMiner:
    '{"id": <id>, "method": "mining.submit", "params": ["<user>", "<job>", "<nonce2>", "<8>", "<8>", "<8>"]}',
  /** cpuminer and its heirs, cpu-miner.c. */
  cpuminer: '{"method": "mining.submit", "params": ["<user>", "<job>", "<8>", "<8>", "<8>"], "id":4}',
  /** ethminer, libpoolprotocols/stratum/EthStratumClient.cpp, as eth-proxy. */
  ethminer:
    '{"id":<id>,"jsonrpc":"2.0","method":"eth_submitWork","params":["0x<16>","0x<64>","0x<64>"],"worker":"<worker>"}',
  /** kawpowminer, the same file. */
  kawpowminer:
    '{"id":<id>,"jsonrpc":"2.0","method":"mining.submit","params":["<user>","<job>","0x<16>","0x<64>","0x<64>"]}',
  /** kaspa-miner, src/client/stratum.rs. */
  kaspa: '{"id":<id>,"method":"mining.submit","params":["<kaspa>","<job>","0x<16>"]}',
} as const;

/** What pools push. */
export const JOBS = {
  /** nodejs-pool lib/pool.js, with what XMRig asks for. */
  monero:
    '{"jsonrpc":"2.0","method":"job","params":{"blob":"<blob>","job_id":"<moneroJob>","target":"<8>","algo":"rx/0","height":3500000,"seed_hash":"<64>","id":"<login>"}}',
  /** Pools of old: no height and no seed. */
  cryptonote:
    '{"jsonrpc":"2.0","method":"job","params":{"blob":"<blob>","job_id":"<moneroJob>","target":"<8>"}}',
  /** ckpool, src/stratifier.c. */
  bitcoin:
    '{"params": ["<16>", "<64>", "<coinbase1>", "<coinbase2>", [<branch>], "20000000", "<8>", "<8>", true], "id": null, "method": "mining.notify"}',
  litecoin:
    '{"params": ["<job>", "<64>", "<coinbase1>", "<coinbase2>", [<shortBranch>], "20000000", "<8>", "<8>", true], "id": null, "method": "mining.notify"}',
  /** open-ethereum-pool, proxy/stratum.go. */
  ethash: '{"id":0,"jsonrpc":"2.0","result":["0x<64>","0x<64>","0x<64>","0x<6>"]}',
  /** kawpow-stratum-pool, lib/stratum.js. */
  kawpow: '{"id":null,"method":"mining.notify","params":["<job>","<64>","<64>","<64>",true,3500000,"<8>"]}',
  /** kaspa-stratum-bridge, src/kaspastratum/client_handler.go. */
  kaspa: '{"jsonrpc":"2.0","method":"mining.notify","id":<id>,"params":["<id>",[<80>],1760000000000]}',
} as const;
