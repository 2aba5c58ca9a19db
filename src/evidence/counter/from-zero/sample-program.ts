/**
 * The loops over a sample (sample-loops.ts) as a program of WebAssembly (sample.wasm.ts). A scan reads a dozen sessions,
 * too few for V8 to compile the loops, and interpreted each step of their arithmetic makes an object: with the time to
 * collect these, half of what reading nonces cost.
 */
import { allocate, instantiate } from '../../../wasm.ts';
import { adriftFrom, type Hypothesis, lagSeconds } from './hypothesis.ts';
import * as layout from './sample.wasm.ts';
import {
  GATHERED,
  type Loops,
  leastAge,
  type Mixtures,
  type SampleShares,
  type Tried,
} from './sample-loops.ts';

/** Undefined until it is wanted, null where there is no memory for it. */
let program: SampleProgram | null | undefined;

/** The program of this thread, of which all samples use the same memory; null where there is none to be had. */
function startProgram(): SampleProgram | null {
  if (program === undefined) {
    try {
      program = new SampleProgram();
    } catch {
      program = null;
    }
  }
  return program;
}

class SampleProgram {
  readonly run: (...numbers: number[]) => number;
  readonly doubles: Float64Array;
  /** Whose shares the memory holds, where a hypothesis has them stand, and the rate by which they are judged. */
  owner: ProgramLoops | null = null;
  placed: Hypothesis | null = null;
  judgedRate = Number.NaN;

  constructor() {
    const memory = allocate(8 * layout.END);
    this.run = instantiate(layout.PROGRAM, memory);
    this.doubles = new Float64Array(memory.buffer, 0, layout.END);
  }
}

/** The loops of a sample as a program; null where there is none, or not enough room. */
export function programLoops(shares: SampleShares): Loops | null {
  const started = shares.nonces.length > layout.MOST_SHARES ? null : startProgram();
  return started === null ? null : new ProgramLoops(started, shares);
}

class ProgramLoops implements Loops {
  readonly ratios: Float64Array;
  readonly #program: SampleProgram;
  readonly #shares: SampleShares;

  constructor(started: SampleProgram, shares: SampleShares) {
    this.#program = started;
    this.#shares = shares;
    this.ratios = started.doubles.subarray(layout.RATIOS, layout.RATIOS + shares.nonces.length);
  }

  try(hypothesis: Hypothesis, weight: number): Tried | null {
    const program = this.#program;
    const { doubles } = program;
    program.judgedRate = Number.NaN;
    if (this.#run(layout.FIND_RATE | layout.JUDGE | layout.COMPARE_AT_BEST, hypothesis, weight) === 0)
      return null;
    const rate = doubles[layout.RATE];
    program.judgedRate = rate;
    return { rate, most: this.#logsFrom(layout.FEW) };
  }

  compare(hypothesis: Hypothesis, rate: number, spread: number, weight: number): Mixtures {
    const program = this.#program;
    const { doubles } = program;
    doubles[layout.SPREAD] = spread;
    const isJudged = this.#isPlaced(hypothesis) && program.judgedRate === rate;
    if (!isJudged) doubles[layout.RATE] = rate;
    this.#run(isJudged ? layout.COMPARE : layout.JUDGE | layout.COMPARE, hypothesis, weight);
    program.judgedRate = rate;
    return { few: this.#logsFrom(layout.FEW), many: this.#logsFrom(layout.MANY) };
  }

  /** Runs some steps, and places the shares before where a hypothesis does not have them stand yet. */
  #run(steps: number, hypothesis: Hypothesis, weight: number): number {
    const program = this.#program;
    const { doubles } = program;
    const { nonces, highest } = this.#shares;
    const { kind, size, unlike } = hypothesis;
    doubles[layout.WEIGHT] = weight;
    const isPlaced = this.#isPlaced(hypothesis);
    if (!isPlaced) this.#tell(hypothesis);
    const isWhole = kind === 'single' || kind === 'pooled' || highest < size;
    return program.run(
      isPlaced ? steps : steps | layout.PLACE,
      nonces.length,
      isWhole ? layout.WHOLE : kind === 'lanes' ? layout.LANES : layout.CHUNKS,
      highest >= adriftFrom(hypothesis) ? 1 : 0,
      unlike === true ? 1 : 0,
    );
  }

  /** Whether the shares in memory are these, and stand where the hypothesis has them. */
  #isPlaced(hypothesis: Hypothesis): boolean {
    return this.#program.owner === this && this.#program.placed === hypothesis;
  }

  #tell(hypothesis: Hypothesis): void {
    const program = this.#program;
    const { doubles } = program;
    const { nonces, seconds } = this.#shares;
    if (program.owner !== this) {
      program.owner = this;
      doubles.set(nonces, layout.NONCES);
      doubles.set(seconds, layout.SECONDS);
    }
    program.placed = hypothesis;
    const { size, tracks, beat, batch } = hypothesis;
    doubles[layout.SIZE] = size;
    doubles[layout.TRACKS] = tracks;
    doubles[layout.ADRIFT_FROM] = adriftFrom(hypothesis);
    doubles[layout.BEAT] = beat;
    doubles[layout.LEAST_AGE] = leastAge(hypothesis);
    doubles[layout.LAG_SECONDS] = lagSeconds(hypothesis);
    doubles[layout.BATCH_SQUARED] = batch * batch;
  }

  /** The logarithm of a product of which the parts stand from this double on. */
  #logsFrom(first: number): number {
    const { doubles } = this.#program;
    const last = first + Math.floor(this.#shares.nonces.length / GATHERED);
    let sum = 0;
    for (let at = first; at <= last; at += 1) sum += Math.log(doubles[at]);
    return sum;
  }
}
