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
import type { PlacedShare } from '../counter-input.ts';
import type { Fit } from './fit.ts';

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
const KINDS = ['single', 'pooled', 'chunks', 'lanes'] as const;

let started: Inferring | null = null;

/**
 * Infers the structure from shares of known age. `width` is the number of possible nonces; `chunks` false if the
 * dialect's miners do not draw chunks or batches from one counter.
 */
export function inferStructure(shares: readonly PlacedShare[], width: number, chunks: boolean): Inference {
  started ??= new Inferring();
  return started.infer(shares, width, chunks);
}

class Inferring {
  private readonly kernel: Functions;
  private readonly view: DataView;
  private readonly nonces: Float64Array;
  private readonly seconds: Float64Array;
  private readonly jobs: Float64Array;
  private readonly sorted: Float64Array;

  constructor() {
    const memory = ownMemory(END);
    this.kernel = startKernel<Functions>('counters', memory);
    this.view = new DataView(memory.buffer);
    this.nonces = new Float64Array(memory.buffer, NONCES_AT, SAMPLE);
    this.seconds = new Float64Array(memory.buffer, SECONDS_AT, SAMPLE);
    this.jobs = new Float64Array(memory.buffer, JOBS_AT, SAMPLE);
    this.sorted = new Float64Array(memory.buffer, SORTED_AT, SAMPLE);
  }

  infer(shares: readonly PlacedShare[], width: number, chunks: boolean): Inference {
    const count = Math.min(SAMPLE, shares.length);
    const ordinals = new Map<number, number>();
    for (let index = 0; index < count; index += 1) {
      const { nonce, seconds, job } = shares[Math.floor((index * shares.length) / count)];
      this.nonces[index] = nonce;
      this.seconds[index] = seconds;
      const ordinal = ordinals.get(job) ?? ordinals.size;
      ordinals.set(job, ordinal);
      this.jobs[index] = ordinal;
    }
    this.sorted.set(this.nonces);
    this.sorted.subarray(0, count).sort();
    const fits: Fit[] = [];
    const kept = this.kernel.infer(count, ordinals.size, width, Number(chunks));
    let best: Fit | null = null;
    for (let index = 0; index < kept; index += 1) {
      const fit = this.fitAt(FITS_AT + index * FIT_BYTES);
      if (best === null || fit.evidence > best.evidence) best = fit;
      fits.push(fit);
    }
    return { evidence: this.kernel.evidence.value, best, fits };
  }

  private fitAt(at: number): Fit {
    const { kernel, view } = this;
    const number = (field: KernelNumber): number => view.getFloat64(at + field.value, true);
    const flag = (field: KernelNumber): boolean => view.getUint8(at + field.value) === 1;
    return {
      hypothesis: {
        kind: KINDS[view.getUint8(at + kernel.fit_kind.value)],
        size: number(kernel.fit_size),
        tracks: view.getInt32(at + kernel.fit_tracks.value, true),
        full: flag(kernel.fit_full),
        batch: number(kernel.fit_batch),
        beat: number(kernel.fit_beat),
        adrift: flag(kernel.fit_adrift),
        unlike: flag(kernel.fit_unlike),
      },
      rate: number(kernel.fit_rate),
      spread: number(kernel.fit_spread),
      off: number(kernel.fit_off),
      evidence: number(kernel.fit_evidence),
    };
  }
}
