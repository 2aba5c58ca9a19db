/**
 * What a Stratum v1 session must remember so that its shares can be hashed again: the jobs as sent, with the
 * extranonce and difficulty that were in force then, and the version mask. The first shares are tried until they
 * prove an algorithm or too many were tried in vain; then everything is forgotten.
 */
import { blockHeader, type HeaderJob, ShareProver } from '../evidence/share-proof.ts';
import { isHex, jobIdOf } from './shape.ts';
import type { Sink } from './sink.ts';
import type { PoolJob } from './stratum-v1-job.ts';

const JOBS_LIMIT = 64;

interface RememberedJob {
  readonly id: string;
  readonly header: HeaderJob;
  /** The job itself is of a chain of SHA-256d. */
  readonly isSha256d: boolean;
  readonly extranonce1: string;
  /** Units; null if the capture does not show it. */
  readonly difficulty: number | null;
}

export class ShareRecomputation {
  /** Null once there is nothing left to prove. */
  private prover: ShareProver | null = new ShareProver();
  /** The newest last; no more than JOBS_LIMIT. */
  private jobs: RememberedJob[] = [];
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

  addJob(id: string, { header, naming }: PoolJob): void {
    if (this.prover === null || this.extranonce1 === null || header === null) return;
    const others = this.jobs.filter((job) => job.id !== id).slice(-(JOBS_LIMIT - 1));
    // Not by `push`, which makes room for more.
    this.jobs = others.concat({
      id,
      header,
      isSha256d: naming !== null,
      extranonce1: this.extranonce1,
      difficulty: this.difficulty,
    });
  }

  /** Takes the parts of a share; says the algorithm once it is proven. */
  addShare(parts: readonly unknown[], session: Sink): void {
    const { prover } = this;
    const jobId = jobIdOf(parts[1]);
    const job = this.jobs.find(({ id }) => id === jobId);
    if (prover === null || job === undefined || job.difficulty === null) return;
    const share = {
      extranonce2: String(parts[2]),
      ntime: String(parts[3]),
      nonce: String(parts[4]),
      versionBits: typeof parts[5] === 'string' ? parts[5] : null,
    };
    const header = blockHeader(job.header, job.extranonce1, share, this.mask);
    const proof = header === null ? null : prover.add(header, job.difficulty, job.isSha256d);
    if (!prover.isOpen) {
      this.prover = null;
      this.jobs = [];
    }
    if (proof === null) return;
    const { met, tried } = proof;
    session.algorithm(proof.algorithm, 'share-hash', 'shares hashed again', 'miner', { met, tried });
  }
}
