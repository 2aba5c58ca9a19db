/**
 * What a Stratum v1 session must remember so that its shares can be hashed again: the jobs as sent, with the
 * extranonce and difficulty that were in force then, and the version mask. The first shares are tried until they
 * prove an algorithm or too many were tried in vain; then everything is forgotten.
 */
import type { Fact } from '../evidence/fact.ts';
import { blockHeader, type HeaderJob, ShareProver } from '../evidence/share-proof.ts';
import { isHex, jobIdOf, listOf } from './shape.ts';

const JOBS_LIMIT = 64;

interface RememberedJob extends HeaderJob {
  readonly extranonce1: string;
  /** Units; null if the capture does not show it. */
  readonly difficulty: number | null;
}

/** A pool sends all its miners the same job: what they remember of it is one text. */
const sent = new Map<string, string>();
const MOST_SENT = 4096;

function shared(part: unknown): string {
  const text = String(part);
  const known = sent.get(text);
  if (known !== undefined) return known;
  if (sent.size === MOST_SENT) sent.clear();
  sent.set(text, text);
  return text;
}

export class ShareRecomputation {
  /** Null once there is nothing left to prove. */
  private prover: ShareProver | null = new ShareProver();
  private readonly jobs = new Map<string, RememberedJob>();
  private extranonce1: string | null = null;
  private mask: string | null = null;
  private difficulty: number | null = null;

  /** Extranonce1 for the jobs that follow. */
  setExtranonce(value: unknown): void {
    if (isHex(value, 0, 16)) this.extranonce1 = value;
  }

  /** Version bits that the miner may roll, from now on (BIP 310). */
  setMask(value: unknown): void {
    if (isHex(value, 8)) this.mask = value;
  }

  setDifficulty(units: number): void {
    this.difficulty = units;
  }

  /** Takes the nine parts of a job. */
  addJob(parts: readonly unknown[]): void {
    if (this.prover === null || this.extranonce1 === null) return;
    const jobId = jobIdOf(parts[0]);
    if (jobId === null) return;
    this.jobs.delete(jobId);
    this.jobs.set(jobId, {
      previousHash: shared(parts[1]),
      coinbase1: shared(parts[2]),
      coinbase2: shared(parts[3]),
      branches: (listOf(parts[4]) ?? []).map(shared),
      version: shared(parts[5]),
      nbits: shared(parts[6]),
      extranonce1: this.extranonce1,
      difficulty: this.difficulty,
    });
    if (this.jobs.size > JOBS_LIMIT) {
      const [oldest] = this.jobs.keys();
      this.jobs.delete(oldest);
    }
  }

  /** Takes the parts of a share; says the algorithm once it is proven. */
  *addShare(parts: readonly unknown[]): Iterable<Fact> {
    const { prover } = this;
    const job = this.jobs.get(jobIdOf(parts[1]) ?? '');
    if (prover === null || job === undefined || job.difficulty === null) return;
    const share = {
      extranonce2: String(parts[2]),
      ntime: String(parts[3]),
      nonce: String(parts[4]),
      versionBits: typeof parts[5] === 'string' ? parts[5] : null,
    };
    const header = blockHeader(job, job.extranonce1, share, this.mask);
    const proof = header === null ? null : prover.add(header, job.difficulty);
    if (!prover.isOpen) {
      this.prover = null;
      this.jobs.clear();
    }
    if (proof === null) return;
    yield {
      kind: 'algorithm',
      algorithm: proof.algorithm,
      source: 'share-hash',
      detail: 'shares hashed again',
      proof: { met: proof.met, tried: proof.tried },
      side: 'miner',
    };
  }
}
