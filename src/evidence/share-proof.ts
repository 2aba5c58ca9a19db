/**
 * The strongest evidence there is: a Stratum v1 share hashed again from its job, as SHA256d and as scrypt(1024,1,1), to
 * see which of them meets the announced difficulty (docs/protocols.md 1.5). Everything comes from the wire: what is
 * inconsistent gives null. Needs the pool's extranonce1, so nothing can be shown for captures that begin in mid-session.
 */
import { hash, scryptSync } from 'node:crypto';
import { difficultyOfHash } from './target.ts';

type HashAlgorithm = 'sha256d' | 'scrypt';

/** The parts of `mining.notify` that go into the header. */
export interface HeaderJob {
  readonly version: number;
  readonly nbits: number;
  /** As it stands in the header. */
  readonly previous: Uint8Array;
  /** What is in front of the extranonces and behind them. */
  readonly coinbase: readonly [Uint8Array, Uint8Array];
  readonly branches: readonly Uint8Array[];
}

/** The same as sent; of the previous hash each word of 4 bytes is reversed. */
interface SentJob {
  readonly previousHash: string;
  readonly coinbase1: string;
  readonly coinbase2: string;
  readonly branches: readonly string[];
  readonly version: string;
  readonly nbits: string;
}

/** The parts of `mining.submit`, as sent; `versionBits` null if no version was rolled. */
interface HeaderShare {
  readonly extranonce2: string;
  readonly ntime: string;
  readonly nonce: string;
  readonly versionBits: string | null;
}

const MOST_COINBASE_BYTES = 100_000;
const MOST_BRANCHES = 32;

function bytesOf(hex: string, size: number | null): Buffer | null {
  if (hex.length % 2 !== 0 || hex.length > 2 * MOST_COINBASE_BYTES || !/^[0-9a-fA-F]*$/.test(hex))
    return null;
  const bytes = Buffer.from(hex, 'hex');
  return size === null || bytes.length === size ? bytes : null;
}

function wordOf(hex: string | null): number | null {
  return hex !== null && /^[0-9a-fA-F]{8}$/.test(hex) ? Number.parseInt(hex, 16) : null;
}

const once = Buffer.alloc(32);

/** Writes the hash of a hash. As text, of which each character is a byte, hashes come three times as fast. */
function putSha256d(bytes: Uint8Array, to: Buffer): Buffer {
  once.write(hash('sha256', bytes, 'binary'), 'latin1');
  to.write(hash('sha256', once, 'binary'), 'latin1');
  return to;
}

/** Reads what all shares of a job have in common; null if a part is no hex or of the wrong size. */
export function headerJob(sent: SentJob): HeaderJob | null {
  const [before, behind] = [bytesOf(sent.coinbase1, null), bytesOf(sent.coinbase2, null)];
  const [version, nbits] = [wordOf(sent.version), wordOf(sent.nbits)];
  const previous = bytesOf(sent.previousHash, 32)?.swap32() ?? null;
  const branches = sent.branches.flatMap((branch) => bytesOf(branch, 32) ?? []);
  if (before === null || behind === null || before.length + behind.length > MOST_COINBASE_BYTES) return null;
  if (version === null || nbits === null || previous === null) return null;
  if (branches.length !== sent.branches.length || branches.length > MOST_BRANCHES) return null;
  return { version, nbits, previous, coinbase: [before, behind], branches };
}

/**
 * The 80 bytes that a share was hashed from. `versionMask` is the mask in force ('1fffe000'), null if none was
 * agreed. Null if a part is no hex or of the wrong size.
 */
export function blockHeader(
  { version, nbits, previous, coinbase: [before, behind], branches }: HeaderJob,
  extranonce1: string,
  share: HeaderShare,
  versionMask: string | null,
): Uint8Array | null {
  const extranonces = bytesOf(extranonce1 + share.extranonce2, null);
  const [ntime, nonce] = [wordOf(share.ntime), wordOf(share.nonce)];
  if (extranonces === null || ntime === null || nonce === null) return null;
  const coinbase = Buffer.concat([before, extranonces, behind]);
  if (coinbase.length === 0) return null;
  const header = Buffer.alloc(80);
  if (share.versionBits === null) header.writeUInt32LE(version, 0);
  else {
    // The job's version, with the share's bits if the mask allows them (BIP 310).
    const [rolled, free] = [wordOf(share.versionBits), wordOf(versionMask)];
    if (rolled === null || free === null) return null;
    header.writeUInt32LE(((version & ~free) | (rolled & free)) >>> 0, 0);
  }
  const pair = Buffer.alloc(64);
  putSha256d(coinbase, pair);
  for (const branch of branches) {
    pair.set(branch, 32);
    putSha256d(pair, pair);
  }
  header.set(previous, 4);
  header.set(pair.subarray(0, 32), 36);
  header.writeUInt32LE(ntime, 68);
  header.writeUInt32LE(nbits, 72);
  header.writeUInt32LE(nonce, 76);
  return header;
}

/** Hash of a header of 80 bytes, in the byte order of the wire (least significant first). About 1 us and 1 ms. */
export function headerHash(header: Uint8Array, algorithm: HashAlgorithm): Uint8Array {
  if (algorithm === 'sha256d') return putSha256d(header, Buffer.alloc(32));
  return scryptSync(header, header, 32, { N: 1024, r: 1, p: 1, maxmem: 1 << 20 });
}

/** Difficulty that a header's hash reaches, in Stratum units of the algorithm: of scrypt one is 65,536 hashes. */
export function shareDifficulty(header: Uint8Array, algorithm: HashAlgorithm): number | null {
  if (header.length !== 80) return null;
  const difficulty = difficultyOfHash(headerHash(header, algorithm));
  return difficulty === null ? null : difficulty * UNIT_FACTORS[algorithm];
}

const UNIT_FACTORS = { sha256d: 1, scrypt: 65536 } as const;
const ALGORITHMS = ['sha256d', 'scrypt'] as const;

/** Chance at which another algorithm's shares would pass for proof, a session: one in a thousand million. */
const LARGEST_CHANCE = 1e-9;
/** Pools take shares down to 0.99 of the difficulty (5.7). */
const TOLERANCE = 0.99;
/** Shares of a session that are hashed at most. */
const MOST_TRIED = 24;
/** Shares of a session that are hashed at most while none of them meets its difficulty: a scrypt hash takes 300 times as long. */
const MOST_MISSED = { sha256d: 8, scrypt: 4 };

interface AlgorithmProof {
  readonly algorithm: HashAlgorithm;
  /** Shares that met their difficulty, of those hashed. */
  readonly met: number;
  readonly tried: number;
  /** Upper bound of the chance that shares of any other algorithm look like this. */
  readonly chance: number;
}

/**
 * Collects the shares of one session until they prove an algorithm. The hash under a wrong algorithm is uniform, so
 * one of its shares meets difficulty d with the chance p = 1/(0.99·d·unit). With the largest p of n different headers,
 * m or more of them do so with a chance of at most C(n,m)·p^m; twice that, for two algorithms are tried, must not
 * exceed 1e-9. Shares of test pools, of one unit's small fraction, therefore need several hits.
 */
export class ShareProver {
  /** Those that were tried; no more than MOST_TRIED. */
  private headers: readonly string[] = [];
  private readonly met = { sha256d: 0, scrypt: 0 };
  private readonly likeliest = { sha256d: 0, scrypt: 0 };
  private proof: AlgorithmProof | null = null;

  /** False once the answer is known or enough shares were hashed in vain: the caller need not build headers then. */
  get isOpen(): boolean {
    const hasMet = this.met.sha256d + this.met.scrypt > 0;
    return this.proof === null && this.headers.length < (hasMet ? MOST_TRIED : MOST_MISSED.sha256d);
  }

  /**
   * Takes a share with the difficulty (in units) announced for its job, and whether that is of a chain of SHA-256d, so that
   * scrypt is not tried; returns the proof once there is one.
   */
  add(header: Uint8Array, difficulty: number, isSha256d = false): AlgorithmProof | null {
    if (!this.isOpen || header.length !== 80 || !(difficulty > 0) || !Number.isFinite(difficulty))
      return this.proof;
    const key = Buffer.from(header).toString('latin1');
    if (this.headers.includes(key)) return this.proof;
    // Not by `push`, which makes room for sixteen more.
    this.headers = this.headers.concat(key);
    for (const algorithm of ALGORITHMS) {
      const threshold = difficulty * TOLERANCE;
      // 2^32 hashes to the unit of the Bitcoin scale.
      const chance = Math.min(1, UNIT_FACTORS[algorithm] / (threshold * 2 ** 32));
      this.likeliest[algorithm] = Math.max(this.likeliest[algorithm], chance);
      const isHopeless = this.met.scrypt === 0 && this.headers.length > MOST_MISSED.scrypt;
      if (algorithm === 'scrypt' && (isSha256d || isHopeless)) continue;
      if ((shareDifficulty(header, algorithm) ?? 0) < threshold) continue;
      this.met[algorithm] += 1;
      // Both at once is nothing but chance.
      break;
    }
    this.proof = this.judge();
    return this.proof;
  }

  private judge(): AlgorithmProof | null {
    const tried = this.headers.length;
    for (const algorithm of ALGORITHMS) {
      const met = this.met[algorithm];
      if (met === 0) continue;
      let chance = ALGORITHMS.length * this.likeliest[algorithm] ** met;
      for (let k = 0; k < met; k += 1) chance *= (tried - k) / (k + 1);
      if (chance <= LARGEST_CHANCE) return { algorithm, met, tried, chance };
    }
    return null;
  }
}
