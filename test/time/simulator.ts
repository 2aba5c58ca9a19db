/**
 * Captures of miners whose true rate is known, and what a perfect observer would say of each. It shares no code with the
 * program: it writes frames byte by byte.
 *
 * Shares are a Poisson process of the true rate: the time to the next share is drawn from an exponential distribution, and
 * each share is worth the difficulty in force. Jobs come by a clock of the pool. Each share is accepted 90 ms later. Nonces
 * are random, so that no rate can be read from them. A packet takes 20 ms to be acknowledged.
 */
import { type Random, random } from '../support/random.ts';

export interface Scene {
  readonly miners: number;
  /** Length of the capture. */
  readonly seconds: number;
  /** That a miner finds on average in it. */
  readonly shares: number;
  readonly jobSeconds: number;
  /** Default both. */
  readonly pools?: readonly Pool[];
  /** The sessions began up to an hour before the capture. Otherwise they begin in its first 2 %. */
  readonly isMet?: boolean;
  /** A miner connects anew after so long (times 0.5 to 1.5) without a FIN, 2 s after the last packet. */
  readonly reconnectSeconds?: number;
  /** Part of the packets that the capture does not hold. */
  readonly loss?: number;
  /** The capture holds no packet for so long. */
  readonly hole?: { readonly from: number; readonly seconds: number };
  /** From then on the clock is ahead by so much. */
  readonly clock?: { readonly from: number; readonly by: number };
}

export type Pool = 'stratum' | 'cryptonote';

/** What is true of a miner. */
export interface Truth {
  readonly ip: string;
  readonly algorithm: string;
  readonly hashesPerSecond: number;
  /** Of the shares that it found during the capture, hashes. */
  readonly work: number;
  readonly shares: number;
  /** That it was connected during the capture, holes included. */
  readonly seconds: number;
}

interface Frame {
  readonly atUs: number;
  readonly bytes: Uint8Array;
}

/** 2026-06-11, in microseconds since 1970. */
const BEGINS_US = Date.UTC(2026, 5, 11) * 1000;
const PUSH_ACK = 0x18;
const ACK = 0x10;
const SYN = 0x02;
const SYN_ACK = 0x12;
/** They belong to nobody; both have valid checksums. */
const ACCOUNTS: Readonly<Record<Pool, string>> = {
  stratum: 'bc1qgpgckh9ahuu6jdw6jthn6yp7lysfcn5sgmfkvh',
  cryptonote:
    '47ovx7MnDnX43u2cy78JHZ24jtVhk3yXNVeh2i588T45RQ6eeEX2cn3hDcyNueJXQPHedcNiwYDofctLwpTX6DPgDGGHo2F',
};

/** The capture as a pcap file, and the truth. */
export function simulate(
  scene: Scene,
  seed: number,
): { readonly pcap: Uint8Array; readonly truth: readonly Truth[] } {
  const chance = random(seed);
  const frames: Frame[] = [];
  const truth: Truth[] = [];
  const { pools = ['stratum', 'cryptonote'] } = scene;
  for (let number = 0; number < scene.miners; number++) {
    truth.push(new Miner(scene, chance, number, pools[number % pools.length] ?? 'stratum', frames).run());
  }
  const { seconds, loss = 0, hole, clock } = scene;
  const seen = frames.filter(({ atUs }) => {
    const at = atUs / 1e6;
    const isInHole = hole !== undefined && at >= hole.from && at < hole.from + hole.seconds;
    return at >= 0 && at < seconds && !isInHole && !(loss > 0 && chance.chance(loss));
  });
  seen.sort((a, b) => a.atUs - b.atUs);
  const aheadUs = ({ atUs }: Frame): number =>
    clock !== undefined && atUs / 1e6 >= clock.from ? clock.by * 1e6 : 0;
  return { pcap: pcapOf(seen.map((frame) => ({ ...frame, atUs: frame.atUs + aheadUs(frame) }))), truth };
}

class Miner {
  private readonly ip: string;
  private readonly hashesPerSecond: number;
  /** Hashes that a share is worth. */
  private readonly worth: number;
  private port = 40_000;
  private sent = [0, 0];
  private id = 10;
  private jobId = '';
  private work = 0;
  private shares = 0;

  constructor(
    private readonly scene: Scene,
    private readonly chance: Random,
    private readonly number: number,
    private readonly pool: Pool,
    private readonly frames: Frame[],
  ) {
    this.ip = `10.2.${number >> 8}.${number & 255}`;
    this.hashesPerSecond = pool === 'stratum' ? 1e14 * (0.5 + chance.next()) : 5000 * (0.5 + chance.next());
    const wanted = (this.hashesPerSecond * scene.seconds) / scene.shares;
    this.worth = pool === 'stratum' ? Math.round(wanted / 2 ** 32) * 2 ** 32 : Math.round(wanted);
  }

  run(): Truth {
    const { scene, chance } = this;
    const start = scene.isMet === true ? -3600 * chance.next() : 0.02 * scene.seconds * chance.next();
    let connected = 0;
    for (let at = start; at < scene.seconds; ) {
      const lasts = (scene.reconnectSeconds ?? Number.POSITIVE_INFINITY) * (0.5 + chance.next());
      const end = Math.min(at + lasts, scene.seconds);
      const works = this.connection(at, end);
      connected += Math.max(0, end - Math.max(0, works));
      at = end + 2;
      this.port++;
    }
    const { ip, hashesPerSecond, work, shares, pool } = this;
    const algorithm = pool === 'stratum' ? 'sha256d' : 'rx/0';
    return { ip, algorithm, hashesPerSecond, work, shares, seconds: connected };
  }

  /** Mines from `at` to `end`; answers when the first job came. */
  private connection(at: number, end: number): number {
    const { scene, chance, pool } = this;
    this.sent = [chance.below(1 << 30), chance.below(1 << 30)];
    this.segment(at, 0, SYN);
    this.segment(at + 0.03, 1, SYN_ACK);
    this.segment(at + 0.031, 0, ACK);
    const works = pool === 'stratum' ? this.openStratum(at + 0.09) : this.openCryptonote(at + 0.09);
    let share = works + this.wait();
    let job = works + scene.jobSeconds * (scene.isMet === true ? chance.next() : 1);
    while (Math.min(share, job) < end) {
      if (share < job) {
        this.share(share);
        share += this.wait();
      } else {
        this.job(job, false);
        job += scene.jobSeconds;
      }
    }
    return works;
  }

  /** Seconds to the next share. */
  private wait(): number {
    return this.chance.exponential(this.worth / this.hashesPerSecond);
  }

  private openStratum(at: number): number {
    const difficulty = this.worth / 2 ** 32;
    this.say(at, 0, { id: 1, method: 'mining.subscribe', params: ['cgminer/4.10.0'] });
    const extra = this.hex(4);
    this.say(at + 0.05, 1, { id: 1, result: [[['mining.notify', 'a1']], extra, 8], error: null });
    const name = `${ACCOUNTS.stratum}.w${this.number}`;
    this.say(at + 0.1, 0, { id: 2, method: 'mining.authorize', params: [name, 'x'] });
    this.say(at + 0.15, 1, { id: 2, result: true, error: null });
    this.say(at + 0.2, 1, { id: null, method: 'mining.set_difficulty', params: [difficulty] });
    this.job(at + 0.25, true);
    return at + 0.25;
  }

  private openCryptonote(at: number): number {
    const params = {
      login: ACCOUNTS.cryptonote,
      pass: `w${this.number}`,
      agent: 'XMRig/6.22.2',
      algo: ['rx/0'],
    };
    this.say(at, 0, { id: 1, jsonrpc: '2.0', method: 'login', params });
    const result = { id: this.hex(8), job: this.newJob(), status: 'OK' };
    this.say(at + 0.05, 1, { id: 1, jsonrpc: '2.0', error: null, result });
    return at + 0.05;
  }

  private newJob(): object {
    this.jobId = this.hex(6);
    const target = ((1n << 64n) / BigInt(this.worth)).toString(16).padStart(16, '0');
    const little = target.match(/../g)?.reverse().join('') ?? '';
    return {
      blob: `1010${this.hex(37)}00000000${this.hex(33)}`,
      algo: 'rx/0',
      height: 3_300_315,
      seed_hash: '66'.repeat(32),
      job_id: this.jobId,
      target: little,
    };
  }

  private job(at: number, isClean: boolean): void {
    if (this.pool === 'cryptonote') {
      this.say(at, 1, { jsonrpc: '2.0', method: 'job', params: this.newJob() });
      return;
    }
    this.jobId = this.hex(4);
    const coinbase = `0100000001${'00'.repeat(32)}ffffffff35035ae20e04c0b12a69${this.hex(20)}`;
    const outputs = `ffffffff02f679099b${this.hex(30)}00000000`;
    const branches = [this.hex(32), this.hex(32)];
    const previous = `${this.hex(28)}00000000`;
    const params = [
      this.jobId,
      previous,
      coinbase,
      outputs,
      branches,
      '20000000',
      '1703a30c',
      '692ab1c0',
      isClean,
    ];
    this.say(at, 1, { id: null, method: 'mining.notify', params });
  }

  private share(at: number): void {
    if (at >= 0 && at < this.scene.seconds) {
      this.work += this.worth;
      this.shares++;
    }
    const id = ++this.id;
    if (this.pool === 'cryptonote') {
      // A hash that meets the target: its highest bytes are its last ones.
      const least = (1n << 64n) / BigInt(this.worth) / 2n;
      const result = `${this.hex(24)}${least.toString(16).padStart(16, '0').match(/../g)?.reverse().join('')}`;
      const params = { id: '1', job_id: this.jobId, nonce: this.hex(4), result };
      this.say(at, 0, { id, jsonrpc: '2.0', method: 'submit', params });
      this.say(at + 0.09, 1, { id, jsonrpc: '2.0', error: null, result: { status: 'OK' } });
      return;
    }
    const name = `${ACCOUNTS.stratum}.w${this.number}`;
    const params = [name, this.jobId, this.hex(8), '692ab1c0', this.hex(4)];
    this.say(at, 0, { id, method: 'mining.submit', params });
    this.say(at + 0.09, 1, { id, result: true, error: null });
  }

  /** One line in a segment, and its acknowledgement. */
  private say(at: number, side: 0 | 1, message: object): void {
    this.segment(at, side, PUSH_ACK, Buffer.from(`${JSON.stringify(message)}\n`));
    this.segment(at + 0.02, side === 0 ? 1 : 0, ACK);
  }

  private hex(bytes: number): string {
    return Array.from({ length: bytes }, () => this.chance.below(256).toString(16).padStart(2, '0')).join('');
  }

  private segment(at: number, side: 0 | 1, flags: number, payload: Uint8Array = new Uint8Array(0)): void {
    const bytes = Buffer.alloc(54 + payload.length);
    const server = [203, 0, 113, this.pool === 'stratum' ? 10 : 12];
    const ends = [[...this.ip.split('.').map(Number)], server];
    const ports = [this.port, this.pool === 'stratum' ? 3333 : 3335];
    // Ethernet, IPv4 (20 bytes), TCP (20 bytes); nobody looks at checksums of a capture from the host itself.
    bytes.set([2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2, 8, 0, 0x45]);
    bytes.writeUInt16BE(40 + payload.length, 16);
    bytes.set([64, 6], 22);
    bytes.set(ends[side] ?? [], 26);
    bytes.set(ends[1 - side] ?? [], 30);
    bytes.writeUInt16BE(ports[side] ?? 0, 34);
    bytes.writeUInt16BE(ports[1 - side] ?? 0, 36);
    bytes.writeUInt32BE((this.sent[side] ?? 0) >>> 0, 38);
    bytes.writeUInt32BE((flags & 0x10) === 0 ? 0 : (this.sent[1 - side] ?? 0) >>> 0, 42);
    bytes.set([0x50, flags, 0xfa, 0xf0], 46);
    bytes.set(payload, 54);
    this.sent[side] = (this.sent[side] ?? 0) + payload.length + ((flags & SYN) === 0 ? 0 : 1);
    this.frames.push({ atUs: at * 1e6, bytes });
  }
}

function pcapOf(frames: readonly Frame[]): Uint8Array {
  const head = Buffer.alloc(24);
  head.writeUInt32LE(0xa1b2c3d4, 0);
  head.writeUInt32LE(0x0004_0002, 4);
  head.writeUInt32LE(262_144, 16);
  head.writeUInt32LE(1, 20);
  const parts: Uint8Array[] = [head];
  for (const { atUs, bytes } of frames) {
    const timeUs = Math.round(BEGINS_US + atUs);
    const record = Buffer.alloc(16);
    record.writeUInt32LE(Math.floor(timeUs / 1e6), 0);
    record.writeUInt32LE(timeUs % 1e6, 4);
    record.writeUInt32LE(bytes.length, 8);
    record.writeUInt32LE(bytes.length, 12);
    parts.push(record, bytes);
  }
  return Buffer.concat(parts);
}
