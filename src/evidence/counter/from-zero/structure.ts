/** How a miner that restarts at 0 with each job hands out its nonces: asked of the kernel (kernel/counters/structure.ts). */
import {
  END,
  FIT_BYTES,
  FITS_AT,
  JOBS_AT,
  NONCES_AT,
  SAMPLE,
  SECONDS_AT,
  SORTED_AT,
} from '../../../kernel/counters/memory.ts';
import { type KernelNumber, ownMemory, startKernel } from '../../../kernel.ts';
import type { Fit } from './fit.ts';
import type { PlacedShares } from './placed-shares.ts';

interface Inference {
  /** ln Bayes factor of all hypotheses together against random nonces, and against random starts of the jobs. */
  readonly evidence: number;
  readonly best: Fit | null;
  /** All fits of the best fit's kind and size (one for each number of tracks) and its rivals. */
  readonly fits: readonly Fit[];
}

type Functions = {
  infer(shares: number, jobs: number, width: number, chunks: number): number;
  readonly evidence: KernelNumber;
} & Readonly<Record<`fit_${string}`, KernelNumber>>;

/** In the order of their numbers in the kernel. */
const KINDS = ['single', 'chunks', 'lanes'] as const;

let started: Inferring | null = null;

/**
 * Infers the structure from shares of known age. `width` is the number of possible nonces; `chunks` false if the
 * dialect's miners do not draw chunks from one counter.
 */
export function inferStructure(shares: PlacedShares, width: number, chunks: boolean): Inference {
  started ??= new Inferring();
  return started.infer(shares, width, chunks);
}

class Inferring {
  private readonly memory = ownMemory(END);
  private readonly kernel = startKernel<Functions>('counters', this.memory);
  private readonly view = new DataView(this.memory.buffer);
  private readonly nonces = this.column(NONCES_AT);
  private readonly seconds = this.column(SECONDS_AT);
  private readonly jobs = this.column(JOBS_AT);
  private readonly sorted = this.column(SORTED_AT);

  infer(shares: PlacedShares, width: number, chunks: boolean): Inference {
    const count = Math.min(SAMPLE, shares.count);
    const ordinals = new Map<number, number>();
    for (let at = 0; at < count; at += 1) {
      const index = Math.floor((at * shares.count) / count);
      this.nonces[at] = shares.nonces[index];
      this.seconds[at] = shares.seconds[index];
      const job = shares.jobs[index];
      const ordinal = ordinals.get(job) ?? ordinals.size;
      ordinals.set(job, ordinal);
      this.jobs[at] = ordinal;
    }
    this.sorted.set(this.nonces);
    this.sorted.subarray(0, count).sort();
    const kept = this.kernel.infer(count, ordinals.size, width, Number(chunks));
    const fits = Array.from({ length: kept }, (_, index) => this.fitAt(FITS_AT + index * FIT_BYTES));
    let best: Fit | null = null;
    for (const fit of fits) if (best === null || fit.evidence > best.evidence) best = fit;
    return { evidence: this.kernel.evidence.value, best, fits };
  }

  private column(at: number): Float64Array {
    return new Float64Array(this.memory.buffer, at, SAMPLE);
  }

  private fitAt(at: number): Fit {
    const { kernel, view } = this;
    const number = (field: KernelNumber): number => view.getFloat64(at + field.value, true);
    const flag = (field: KernelNumber): boolean => view.getUint8(at + field.value) === 1;
    return {
      kind: KINDS[view.getUint8(at + kernel.fit_kind.value)],
      size: number(kernel.fit_size),
      tracks: view.getInt32(at + kernel.fit_tracks.value, true),
      full: flag(kernel.fit_full),
      beat: number(kernel.fit_beat),
      adrift: flag(kernel.fit_adrift),
      unlike: flag(kernel.fit_unlike),
      rate: number(kernel.fit_rate),
      spread: number(kernel.fit_spread),
      off: number(kernel.fit_off),
      evidence: number(kernel.fit_evidence),
    };
  }
}
