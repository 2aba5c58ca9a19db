/**
 * Two days of a network, hour by hour: what its machines say to pools while they find shares at rates of their own. Nonces of RandomX
 * count from zero with each job, as XMRig's do; shares come at random times.
 */
import type { CapturedPacket } from '../support/capture-reader.ts';
import { type Conversation, conversation } from '../support/conversation.ts';
import { type Random, random } from '../support/random.ts';
import type { Given } from './network.ts';

export const MIDNIGHT_US = Date.parse('2026-11-24T00:00:00Z') * 1000;
const XMR = '47ovx7MnDnX43u2cy78JHZ24jtVhk3yXNVeh2i588T45RQ6eeEX2cn3hDcyNueJXQPHedcNiwYDofctLwpTX6DPgDGGHo2F';
const BTC = 'bc1qgpgckh9ahuu6jdw6jthn6yp7lysfcn5sgmfkvh';

/** One connection, hours since midnight. */
interface Rig {
  readonly miner: string;
  readonly pool: string;
  readonly kind: 'cryptonote' | 'stratum';
  readonly agent: string;
  readonly login: string;
  readonly pass: string;
  readonly hashesPerSecond: number;
  readonly hours: readonly [number, number];
  /** It finds nothing then. */
  readonly silent?: readonly [number, number];
  /** The part of its shares that the pool refuses. */
  readonly refused?: number;
  /** A proxy gives each of its miners a last byte of the nonce. */
  readonly lastBytes?: readonly number[];
}

const XMRIG = { kind: 'cryptonote', agent: 'XMRig/6.22.2 (Linux x86_64)', login: XMR, pass: 'x' } as const;
const ASIC = { kind: 'stratum', agent: 'bmminer/2.0.0', pass: 'd=1' } as const;
const KEPT_SECRET = 'hunter2-of-the-lab';

const RIGS: readonly Rig[] = [
  // A laptop that comes back with another address.
  { ...XMRIG, miner: '10.7.0.1:50001', pool: '203.0.113.60:3333', hashesPerSecond: 6000, hours: [8, 17] },
  { ...XMRIG, miner: '10.7.0.60:50002', pool: '203.0.113.60:3333', hashesPerSecond: 6000, hours: [33, 41] },
  // An ASIC that rests at night, and connects anew.
  {
    ...{ ...ASIC, miner: '10.7.1.1:50003', pool: '203.0.113.62:3333', login: `${BTC}.hall1` },
    ...{ hashesPerSecond: 9e13, hours: [1, 22], silent: [3, 6] },
  },
  {
    ...{ ...ASIC, miner: '10.7.1.1:50004', pool: '203.0.113.62:3333', login: `${BTC}.hall1` },
    ...{ hashesPerSecond: 9e13, hours: [22.2, 46] },
  },
  // A second one at the same account, half of whose shares come too late.
  {
    ...{
      ...ASIC,
      miner: '10.7.1.2:50005',
      pool: '203.0.113.62:3333',
      login: `${BTC}.hall2`,
      pass: KEPT_SECRET,
    },
    ...{ hashesPerSecond: 5e13, hours: [20, 30], refused: 0.5 },
  },
  // A proxy for three machines that nobody saw.
  {
    ...{ ...XMRIG, miner: '10.7.9.1:50006', pool: '203.0.113.63:3333', agent: 'xmrig-proxy/6.22.0' },
    ...{ hashesPerSecond: 4000, hours: [2, 12], lastBytes: [1, 2, 3] },
  },
  // At a marketplace, and at the server of a botnet.
  { ...XMRIG, miner: '10.7.8.1:50007', pool: '198.51.100.61:3333', hashesPerSecond: 900, hours: [5, 25] },
  { ...XMRIG, miner: '10.7.2.9:50008', pool: '198.51.100.62:80', hashesPerSecond: 300, hours: [26, 44] },
];

/** The network's owners, leases, and the names of pools. */
export const OF_DAYS: Given = {
  owners: [
    'subnet;department;contact;organisation;class',
    '10.7.0.0/24;Physics;it@physics.example;University of Somewhere;university',
    '10.7.2.0/24;Wards;it@ward.example;City Hospital;government',
    '10.7.8.0/23;Hall;noc@hall.example;Hall Ltd;enterprise',
  ],
  leases: [
    'address,mac,name,from,to',
    '10.7.0.1,02:00:00:00:00:01,lab-pc-01,2026-11-24T07:00:00Z,2026-11-24T19:00:00Z',
    '10.7.0.60,02:00:00:00:00:01,lab-pc-01,2026-11-25T07:00:00Z,2026-11-25T19:00:00Z',
  ],
  names: [
    'time,name,address',
    '2026-11-24T00:10:00Z,xmr.2miners.com,203.0.113.60',
    '2026-11-24T00:10:00Z,randomxmonero.auto.nicehash.com,198.51.100.61',
    '2026-11-24T00:10:00Z,myxmr.pw,198.51.100.62',
  ],
};

export const SECRETS = [KEPT_SECRET];

export function days(): CapturedPacket[] {
  return RIGS.flatMap((rig, at) => new Talk(rig, random(11 + at)).run().toPackets());
}

/** Seconds between two shares and two jobs, on average. */
const SHARE_SECONDS = 240;
const JOB_SECONDS = 420;

class Talk {
  private readonly talk: Conversation;
  /** Hashes that a share is worth. */
  private worth: number;
  /** Seconds since midnight. */
  private now: number;
  private id = 2;
  private job = { id: '', since: 0 };

  constructor(
    private readonly rig: Rig,
    private readonly draw: Random,
  ) {
    const { miner, pool, hours, hashesPerSecond } = rig;
    this.now = 3600 * hours[0];
    this.talk = conversation({ miner, pool, startUs: MIDNIGHT_US + 1e6 * this.now });
    this.worth = Math.round((hashesPerSecond * SHARE_SECONDS) / this.unit) * this.unit;
  }

  run(): Conversation {
    const { hours, silent = [0, 0] } = this.rig;
    const end = 3600 * hours[1];
    const half = (this.now + end) / 2;
    this.talk.connect();
    this.login();
    let share = this.now + this.wait();
    let job = this.now + JOB_SECONDS;
    let isDoubled = false;
    while (Math.min(share, job) < end) {
      this.until(Math.min(share, job));
      if (job < share) {
        if (!isDoubled && job > half) this.difficulty(2 * this.worth);
        isDoubled = job > half;
        this.talk.poolSays(this.notify());
        job += JOB_SECONDS;
      } else {
        if (share < 3600 * silent[0] || share > 3600 * silent[1]) this.share();
        share += this.wait();
      }
    }
    this.until(end);
    return this.talk.close();
  }

  private get unit(): number {
    return this.rig.kind === 'stratum' ? 2 ** 32 : 1;
  }

  private wait(): number {
    return this.draw.exponential(this.worth / this.rig.hashesPerSecond);
  }

  private until(seconds: number): void {
    this.talk.after(Math.max(0, seconds - this.now));
    this.now = Math.max(this.now, seconds);
  }

  private login(): void {
    const { kind, agent, login, pass } = this.rig;
    if (kind === 'cryptonote') {
      const params = { login, pass, agent, algo: ['rx/0'] };
      this.talk.minerSays({ id: 1, jsonrpc: '2.0', method: 'login', params });
      this.talk.poolReplies({
        jsonrpc: '2.0',
        error: null,
        result: { id: 'a1', job: this.newJob(), status: 'OK' },
      });
      return;
    }
    this.talk.minerSays({ id: 1, method: 'mining.subscribe', params: [agent] });
    this.talk.poolReplies({ result: [[['mining.notify', 'a1']], '5e0a11c4', 8], error: null });
    this.talk.minerSays({ id: 2, method: 'mining.authorize', params: [login, pass] });
    this.talk.poolReplies({ result: true, error: null });
    this.difficulty(this.worth);
    this.talk.poolSays(this.notify());
  }

  private difficulty(worth: number): void {
    this.worth = worth;
    if (this.rig.kind === 'stratum')
      this.talk.poolSays({ id: null, method: 'mining.set_difficulty', params: [worth / this.unit] });
  }

  private newJob(): object {
    this.job = { id: this.hex(6), since: this.now };
    return {
      ...{ blob: `1010${this.hex(37)}00000000${this.hex(33)}`, algo: 'rx/0', height: 3_300_315 },
      ...{ seed_hash: '66'.repeat(32), job_id: this.job.id, target: reversed(this.leastBelow(1n)) },
    };
  }

  private notify(): object {
    if (this.rig.kind === 'cryptonote') return { jsonrpc: '2.0', method: 'job', params: this.newJob() };
    this.job = { id: this.hex(4), since: this.now };
    const coinbase = `0100000001${'00'.repeat(32)}ffffffff35035ae20e04c0b12a69${this.hex(20)}`;
    const outputs = `ffffffff02f679099b${this.hex(30)}00000000`;
    const previous = `${this.hex(28)}00000000`;
    const branches = [this.hex(32), this.hex(32)];
    return {
      ...{ id: null, method: 'mining.notify' },
      params: [this.job.id, previous, coinbase, outputs, branches, '20000000', '1703a30c', '692ab1c0', true],
    };
  }

  private share(): void {
    const { kind, login, refused = 0, lastBytes } = this.rig;
    const id = ++this.id;
    if (kind === 'stratum') {
      const params = [login, this.job.id, this.hex(8), '692ab1c0', this.hex(4)];
      this.talk.minerSays({ id, method: 'mining.submit', params }).after(0.09);
      this.talk.poolReplies(
        this.draw.chance(refused)
          ? { result: null, error: [21, 'Job not found', null] }
          : { result: true, error: null },
      );
    } else {
      const rate = this.rig.hashesPerSecond / (lastBytes?.length ?? 1);
      const counted = Math.floor(rate * (this.now - this.job.since));
      const last =
        lastBytes === undefined ? counted : (counted % 2 ** 24) + 2 ** 24 * this.draw.pick(lastBytes);
      const nonce = reversed((last >>> 0).toString(16).padStart(8, '0'));
      const params = {
        id: 'a1',
        job_id: this.job.id,
        nonce,
        result: `${this.hex(24)}${reversed(this.leastBelow(2n))}`,
      };
      this.talk.minerSays({ id, jsonrpc: '2.0', method: 'submit', params }).after(0.09);
      this.talk.poolReplies({ jsonrpc: '2.0', error: null, result: { status: 'OK' } });
    }
    this.now += 0.09;
  }

  /** The highest bytes of a hash that meets the target, or so many times better. */
  private leastBelow(times: bigint): string {
    return ((1n << 64n) / BigInt(this.worth) / times).toString(16).padStart(16, '0');
  }

  private hex(bytes: number): string {
    return Array.from({ length: bytes }, () => this.draw.below(256).toString(16).padStart(2, '0')).join('');
  }
}

/** Hexadecimal digits, the last byte first. */
function reversed(hex: string): string {
  return hex.match(/../g)?.reverse().join('') ?? '';
}
