/**
 * The strongest evidence there is: a Stratum v1 share hashed again from its job, as SHA256d and as scrypt(1024,1,1), to
 * see which of them meets the announced difficulty (docs/reference/protocols.md 1.5). Everything comes from the wire: what is
 * inconsistent gives null. Needs the pool's extranonce1, so nothing can be shown for captures that begin in mid-session.
 */
import { hash, scryptSync } from 'node:crypto';
import { difficultyOfHash } from './target.ts';

type HashAlgorithm = 'sha256d' | 'scrypt';

/** The parts of `mining.notify` that go into the header, as sent; the form of a job has told that all are hex of their size. */
interface SentJob
  extends Readonly<Record<'previousHash' | 'coinbase1' | 'coinbase2' | 'version' | 'nbits', string>> {
  readonly branches: readonly string[];
}

/** The same, read: what all shares of a job have in common. */
export interface HeaderJob {
  readonly version: number;
  readonly nbits: number;
  /** As it stands in the header; sent with each word of 4 bytes reversed. */
  readonly previous: Uint8Array;
  /** What is in front of the extranonces and behind them. */
  readonly coinbase: readonly [Uint8Array, Uint8Array];
  readonly branches: readonly Uint8Array[];
}

/** The parts of `mining.submit`, as sent; `versionBits` null if no version was rolled. The form has looked at them, too. */
interface HeaderShare extends Readonly<Record<'extranonce2' | 'ntime' | 'nonce', string>> {
  readonly versionBits: string | null;
}

export function headerJob({
  previousHash,
  coinbase1,
  coinbase2,
  branches,
  version,
  nbits,
}: SentJob): HeaderJob {
  return {
    version: Number.parseInt(version, 16),
    nbits: Number.parseInt(nbits, 16),
    previous: Buffer.from(previousHash, 'hex').swap32(),
    coinbase: [Buffer.from(coinbase1, 'hex'), Buffer.from(coinbase2, 'hex')],
    branches: branches.map((branch) => Buffer.from(branch, 'hex')),
  };
}

const once = Buffer.alloc(32);

/** Writes the hash of a hash. As text, of which each character is a byte, hashes come three times as fast. */
function putSha256d(bytes: Uint8Array, to: Buffer): Buffer {
  once.write(hash('sha256', bytes, 'binary'), 'latin1');
  to.write(hash('sha256', once, 'binary'), 'latin1');
  return to;
}

/**
 * The 80 bytes that a share was hashed from. `versionMask` is the mask in force ('1fffe000'), null if none was agreed: a
 * share with bits of its own then has no header.
 */
export function blockHeader(
  { version, nbits, previous, coinbase: [before, behind], branches }: HeaderJob,
  extranonce1: string,
  { extranonce2, ntime, nonce, versionBits }: HeaderShare,
  versionMask: string | null,
): Uint8Array | null {
  if (versionBits !== null && versionMask === null) return null;
  // The job's version, with the share's bits if the mask allows them (BIP 310).
  const free = versionBits === null ? 0 : Number.parseInt(versionMask ?? '', 16);
  const rolled = (version & ~free) | (Number.parseInt(versionBits ?? '0', 16) & free);
  const root = Buffer.alloc(64);
  putSha256d(Buffer.concat([before, Buffer.from(extranonce1 + extranonce2, 'hex'), behind]), root);
  for (const branch of branches) {
    root.set(branch, 32);
    putSha256d(root, root);
  }
  const header = Buffer.alloc(80);
  header.writeInt32LE(rolled, 0);
  header.set(previous, 4);
  header.set(root.subarray(0, 32), 36);
  header.writeUInt32LE(Number.parseInt(ntime, 16), 68);
  header.writeUInt32LE(nbits, 72);
  header.writeUInt32LE(Number.parseInt(nonce, 16), 76);
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
