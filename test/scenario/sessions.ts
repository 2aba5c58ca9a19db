/**
 * What one machine and its pool say to each other in ten minutes: Stratum v1 of a Bitcoin machine, ETHPROXY of a rig, the
 * CryptoNote dialect of a server. Shares come as a Poisson process of the machine's rate over the share's hashes, one
 * in a hundred late. Jobs and nonces are drawn, and so are the hashes that a share carries, below their target: what the
 * jobs really hash to nobody could compute here.
 */
import { type Conversation, conversation } from '../support/conversation.ts';
import type { Random } from '../support/random.ts';
import { FLEETS, type Machine, type Miner, type Work } from './province.ts';

const RTT_SECONDS = 0.03;
const STALE = 0.01;
/** 2^256 over 10^10 hashes. */
const BOUNDARY = (2n ** 256n / BigInt(FLEETS.ethash.hashesPerShare)).toString(16).padStart(64, '0');
/** 2^32 over the hashes, least significant byte first. */
const RANDOMX_LIMIT = Math.floor(2 ** 32 / FLEETS['rx/0'].hashesPerShare);
const RANDOMX_TARGET = littleEndian(RANDOMX_LIMIT);
const DIFFICULTY = FLEETS.sha256d.hashesPerShare / 2 ** 32;

/** Monero addresses with valid checksums: the wallets of those who broke in, each at many owners. */
const WALLETS = [
  '47ovx7MnDnX43u2cy78JHZ24jtVhk3yXNVeh2i588T45RQ6eeEX2cn3hDcyNueJXQPHedcNiwYDofctLwpTX6DPgDGGHo2F',
  '48FAKEWaLLetForTestsDoNotPay9dwtq5H8YqVXiRsE7Y2zvRUfqr1mVJotFe7zM222ib1yRkEUo2aFqVYcFPFkFqWK2Tv',
  '48FAKEWaLLetForTestsDoNotPayGL7oSXA652ScKtq4FabQJrCu7HE2vitHtJDBLKhxowwyQ6wfNjRZGCGXJ6uxcvL1Kdn',
] as const;

interface Talk {
  open(conversation: Conversation): void;
  job(conversation: Conversation, ordinal: number): void;
  share(conversation: Conversation, job: number, count: number): void;
  answer(conversation: Conversation, isStale: boolean): void;
}

export interface SessionPlan {
  readonly miner: Miner;
  readonly machine: Machine;
  readonly clientPort: number;
  readonly startUs: number;
  readonly endUs: number;
}

/** The conversation of one machine, from its handshake on; left open at the end. */
export function session(plan: SessionPlan, draw: Random): Conversation {
  const { miner, machine, clientPort, startUs, endUs } = plan;
  const { work, pool } = miner;
  const { hashesPerShare, secondsPerJob } = FLEETS[work];
  const talk = TALKS[work](plan, draw);
  const said = conversation({
    miner: `${miner.ip}:${clientPort}`,
    pool: `${pool.ip}:${pool.port}`,
    startUs,
  }).connect();
  talk.open(said);
  const seconds = (endUs - startUs) / 1e6 - 1;
  // Every pool hands out its jobs to all at about one time.
  let nextJob = secondsPerJob - ((startUs / 1e6) % secondsPerJob) + draw.next();
  let nextShare = draw.exponential(hashesPerShare / machine.hashesPerSecond);
  let now = 0;
  let job = 0;
  for (let count = 1; ; ) {
    const isShare = nextShare < nextJob;
    const at = isShare ? nextShare : nextJob;
    if (at >= seconds) return said;
    said.after(Math.max(0, at - now));
    now = Math.max(now, at);
    if (isShare) {
      talk.share(said, job, count++);
      said.after(RTT_SECONDS);
      now += RTT_SECONDS;
      talk.answer(said, draw.chance(STALE));
      nextShare += draw.exponential(hashesPerShare / machine.hashesPerSecond);
    } else {
      talk.job(said, ++job);
      nextJob += secondsPerJob;
    }
  }
}

const TALKS: Readonly<Record<Work, (plan: SessionPlan, draw: Random) => Talk>> = {
  sha256d: bitcoin,
  ethash: ethereum,
  'rx/0': monero,
};

/** 7 October 2021 as a number of seven bits a byte. */
const BLOB_TIME = varint(Date.UTC(2021, 9, 7, 2) / 1000);

const COINBASE_START = `01000000010000000000000000000000000000000000000000000000000000000000000000ffffffff2c03a0bd0a${'2f70726f76696e63652f'.repeat(2)}`;
const COINBASE_END = `ffffffff01807c814a0000000017a914${'4b'.repeat(20)}8700000000`;

function bitcoin({ miner, machine }: SessionPlan, draw: Random): Talk {
  const login = `jsfarm${accountOf(miner, 20)}.${machine.name}`;
  const branches = Array.from({ length: 11 }, () => hex(draw, 64));
  const previous = `${hex(draw, 48)}${'0'.repeat(16)}`;
  const job = (ordinal: number): object => ({
    id: null,
    method: 'mining.notify',
    params: [
      ordinal.toString(16).padStart(6, '0'),
      previous,
      COINBASE_START,
      COINBASE_END,
      branches,
      '20000000',
      '170e2632',
      (0x615e6000 + ordinal * 30).toString(16),
      ordinal === 0,
    ],
  });
  return {
    open: (said) => {
      said
        .minerSays({ id: 1, method: 'mining.subscribe', params: ['bmminer/2.0.0/Antminer S9/13500'] })
        .poolReplies({ result: [[['mining.notify', hex(draw, 8)]], hex(draw, 8), 8], error: null })
        .minerSays({ id: 2, method: 'mining.authorize', params: [login, 'x'] })
        .poolReplies({ result: true, error: null })
        .poolSays({ id: null, method: 'mining.set_difficulty', params: [DIFFICULTY] }, job(0));
    },
    job: (said, ordinal) => {
      said.poolSays(job(ordinal));
    },
    share: (said, ordinal, count) => {
      const id = ordinal.toString(16).padStart(6, '0');
      const time = (0x615e6000 + ordinal * 30).toString(16);
      said.minerSays({
        id: 3 + count,
        method: 'mining.submit',
        params: [login, id, hex(draw, 16), time, hex(draw, 8)],
      });
    },
    answer: (said, isStale) => {
      said.poolReplies(
        isStale ? { result: null, error: [21, 'Job not found', null] } : { result: true, error: null },
      );
    },
  };
}

function ethereum({ miner, machine }: SessionPlan, draw: Random): Talk {
  const account = accountOf(miner, 900);
  const wallet = `0x${(0xa11ce0000 + account).toString(16).padStart(40, '5')}`;
  const seed = `0x${'0'.repeat(62)}a1`;
  let header = `0x${hex(draw, 64)}`;
  const works = (): string[] => [header, seed, `0x${BOUNDARY}`, '0xcc8f80'];
  return {
    open: (said) => {
      said
        .minerSays({
          ...{ id: 1, jsonrpc: '2.0', method: 'eth_submitLogin' },
          ...{ params: [wallet, 'x'], worker: machine.name },
        })
        .poolReplies({ jsonrpc: '2.0', result: true })
        .minerSays({ id: 5, jsonrpc: '2.0', method: 'eth_getWork', params: [] })
        .poolReplies({ jsonrpc: '2.0', result: works() });
    },
    job: (said) => {
      header = `0x${hex(draw, 64)}`;
      said.poolSays({ id: 0, jsonrpc: '2.0', result: works() });
    },
    share: (said) => {
      said.minerSays({
        ...{ id: 4, jsonrpc: '2.0', method: 'eth_submitWork', worker: machine.name },
        params: [`0x${hex(draw, 16)}`, header, `0x${hex(draw, 64)}`],
      });
    },
    answer: (said, isStale) => {
      said.poolReplies(
        isStale
          ? { jsonrpc: '2.0', result: false, error: { code: 21, message: 'Stale share' } }
          : { jsonrpc: '2.0', result: true },
      );
    },
  };
}

function monero({ miner, machine }: SessionPlan, draw: Random): Talk {
  const wallet = WALLETS[accountOf(miner, WALLETS.length)] ?? '';
  const seed = 'c3'.repeat(32);
  let job = { id: '', blob: '' };
  const fresh = (): object => {
    job = {
      id: hex(draw, 12),
      // Versions, time, previous block, nonce, merkle root, number of transactions.
      blob: `0e0e${BLOB_TIME}${hex(draw, 64)}00000000${hex(draw, 64)}1f`,
    };
    return {
      ...{ blob: job.blob, job_id: job.id, target: RANDOMX_TARGET },
      ...{ algo: 'rx/0', height: 2_465_000, seed_hash: seed },
    };
  };
  return {
    open: (said) => {
      said
        .minerSays({
          ...{ id: 1, jsonrpc: '2.0', method: 'login' },
          params: {
            ...{ login: wallet, pass: 'x', rigid: machine.name },
            agent: 'XMRig/6.15.1 (Linux x86_64) libuv/1.42.0 gcc/10.3.0',
            algo: ['rx/0', 'cn/r'],
          },
        })
        .poolReplies({
          jsonrpc: '2.0',
          error: null,
          result: { id: hex(draw, 8), job: fresh(), status: 'OK' },
        });
    },
    job: (said) => {
      said.poolSays({ jsonrpc: '2.0', method: 'job', params: fresh() });
    },
    share: (said, _, count) => {
      said.minerSays({
        ...{ id: 1 + count, jsonrpc: '2.0', method: 'submit' },
        params: { id: 'w', job_id: job.id, nonce: hex(draw, 8), result: hex(draw, 56) + hashEnd(draw) },
      });
    },
    answer: (said, isStale) => {
      said.poolReplies(
        isStale
          ? { jsonrpc: '2.0', error: { code: -1, message: 'Block expired' } }
          : { jsonrpc: '2.0', error: null, result: { status: 'OK' } },
      );
    },
  };
}

/** Whose account a miner's is, of so many: by its address, so that neighbours have different ones. */
function accountOf({ ip }: Miner, accounts: number): number {
  const [, , third = 0, fourth = 0] = ip.split('.').map(Number);
  return (third * 256 + fourth) % accounts;
}

function hex(draw: Random, digits: number): string {
  let text = '';
  while (text.length < digits)
    text += draw
      .below(2 ** 32)
      .toString(16)
      .padStart(8, '0');
  return text.slice(0, digits);
}

function varint(value: number): string {
  let digits = '';
  for (let rest = value; rest > 0; rest = Math.floor(rest / 128)) {
    digits += ((rest % 128) + (rest >= 128 ? 128 : 0)).toString(16).padStart(2, '0');
  }
  return digits;
}

/** The most significant word of a hash that meets the target. */
function hashEnd(draw: Random): string {
  return littleEndian(draw.below(RANDOMX_LIMIT));
}

function littleEndian(word: number): string {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(word);
  return bytes.toString('hex');
}
