/**
 * From the measures of an unreadable conversation to its marks of mining. Six marks, each with its
 * figures. A suspicion needs all of them, and stays a suspicion: other programs may behave in the same way. The bounds
 * lie around what real sessions of XMRig, cpuminer, cgminer and ASIC firmware show, by a margin (docs/reference/protocols.md 4.4
 * and 6); chats, brokers, beacons, wallets and shells each miss at least one, as the tests hold. Encrypted Stratum V2
 * whose handshake was not seen is recognised by its exact sizes (2.1), also where its pool answers shares by the batch.
 */
import messageSizes from '../../data/message-sizes.tsv?raw';
import type { Range } from '../estimate.ts';
import { number, table, text, yes } from '../schema/table.ts';
import { type Statement, statement } from '../statements/index.ts';
import {
  EXACTNESS,
  LEAST_SHARES,
  mayBeChance,
  type OpaqueMeasures,
  SHARE_CONSTANCY,
} from './opaque-session.ts';

export interface MiningMark {
  readonly name: 'encrypted' | 'sizes' | 'shares' | 'answers' | 'jobs' | 'chance';
  readonly holds: boolean;
  /** Its figures. */
  readonly statement: Statement;
}

/** Parts of the segments that are TLS records, bytes that look random, or were captured without their bytes. */
interface Opacity {
  readonly tlsShare: number;
  readonly randomShare: number;
  readonly hiddenShare: number;
}

const LEAST_SECONDS = 50;
const LEAST_JOBS = 3;
const LEAST_OPACITY = 0.9;
const ANSWERED = 0.85;
const ANSWER_CONSTANCY = 0.7;
const SLOWEST_ANSWER_SECONDS = 3;
/** Answers for several shares each come after as many; fewer of them could be chance. */
const LEAST_BATCHES = 5;
const BATCH_REGULARITY = 0.8;
const JOB_CONSTANCY = 0.55;
/** A clock's ticks are not jobs: blocks come by chance. */
const JOB_VARIATION = 0.15;
const MOST_HEEDED = 0.25;

/** '150-340'. */
function sizeRange(cell: string): Range {
  const [least = '', most = ''] = cell.split('-');
  const low = number(1, 65_535)(least);
  return { low, high: number(low, 65_535)(most) };
}

const SHAPES = table('message-sizes.tsv', messageSizes, {
  family: text,
  share: sizeRange,
  answer: sizeRange,
  job: sizeRange,
  wire: yes,
});

/**
 * Bytes that a record is longer than its line: 16 to 24 with AEAD suites (content type 1, explicit nonce 8, tag 16), and up to 8
 * for WebSocket; up to 80 with CBC and a MAC, where all differ by whole blocks. Of what is not TLS nothing is known.
 */
const TLS_OVERHEAD: Range = { low: 16, high: 32 };
const CBC_OVERHEAD: Range = { low: 16, high: 80 };
const BLOCK = 16;
const OTHER_OVERHEAD: Range = { low: 0, high: 80 };
const NO_OVERHEAD: Range = { low: 0, high: 0 };

/** All marks, those that are missing too. */
export function miningMarks(measures: OpaqueMeasures, opacity: Opacity): readonly MiningMark[] {
  const { seconds, shares, answers, jobs } = measures;
  // Pieces of records that came before their beginning look like any bytes.
  const isTls = opacity.tlsShare >= 0.5 && opacity.tlsShare + opacity.randomShare >= LEAST_OPACITY;
  const isHidden = opacity.hiddenShare >= LEAST_OPACITY;
  const families = fittingFamilies(measures, isTls);
  return [
    {
      name: 'encrypted',
      holds: isTls || isHidden || opacity.randomShare >= LEAST_OPACITY,
      statement: isTls
        ? statement('mark-tls')
        : isHidden
          ? statement('mark-hidden', { part: opacity.hiddenShare })
          : statement('mark-random', { part: opacity.randomShare }),
    },
    {
      name: 'sizes',
      holds: families.length > 0,
      statement: statement('mark-sizes', {
        families,
        share: shares.bytes,
        answer: answers.bytes,
        job: jobs.bytes,
      }),
    },
    {
      name: 'shares',
      holds: shares.count >= LEAST_SHARES && shares.constancy >= SHARE_CONSTANCY && seconds >= LEAST_SECONDS,
      statement: statement('mark-shares', {
        count: shares.count,
        bytes: shares.bytes,
        seconds: Math.round(seconds),
        part: shares.constancy,
      }),
    },
    {
      name: 'answers',
      holds:
        answers.answered >= ANSWERED &&
        answers.constancy >= ANSWER_CONSTANCY &&
        answers.medianSeconds <= SLOWEST_ANSWER_SECONDS &&
        answers.regularity >= BATCH_REGULARITY &&
        (answers.perAnswer === 1 || answers.count >= LEAST_BATCHES),
      statement: statement('mark-answers', {
        part: answers.answered,
        bytes: answers.bytes,
        seconds: answers.medianSeconds,
        perAnswer: answers.perAnswer,
      }),
    },
    {
      name: 'jobs',
      holds:
        jobs.count >= LEAST_JOBS &&
        jobs.constancy >= JOB_CONSTANCY &&
        jobs.gapVariation >= JOB_VARIATION &&
        jobs.heeded <= MOST_HEEDED,
      statement: statement('mark-jobs', {
        count: jobs.count,
        bytes: jobs.bytes,
        seconds: jobs.gapSeconds,
        variation: jobs.gapVariation,
        heeded: jobs.heeded,
      }),
    },
    {
      name: 'chance',
      holds: mayBeChance(shares.gapVariation, shares.gapMisfit),
      statement: statement('mark-chance', {
        seconds: shares.gapSeconds,
        variation: shares.gapVariation,
        misfit: shares.gapMisfit,
      }),
    },
  ];
}

/** False if messages at these times cannot have all marks, whatever their sizes. Known before anything is measured. */
export function mayHaveAllMarks(timesUs: Float64Array): boolean {
  return (timesUs[timesUs.length - 1] - timesUs[0]) / 1e6 >= LEAST_SECONDS;
}

/** True if every mark holds. */
export function hasAllMarks(marks: readonly MiningMark[]): boolean {
  return marks.every((mark) => mark.holds);
}

/** Families whose lines could have these sizes under one overhead. */
function fittingFamilies({ shares, answers, jobs }: OpaqueMeasures, isTls: boolean): string[] {
  const isInBlocks = [answers, jobs].every(({ bytes }) => (shares.bytes - bytes) % BLOCK === 0);
  const tls = isInBlocks ? CBC_OVERHEAD : TLS_OVERHEAD;
  return SHAPES()
    .filter(({ share, answer, job, wire }) => {
      if (wire && (isTls || shares.exactness < EXACTNESS)) return false;
      const overhead = wire ? NO_OVERHEAD : isTls ? tls : OTHER_OVERHEAD;
      const [a, b, c] = [shares.bytes, answers.bytes, jobs.bytes];
      const low = Math.max(overhead.low, a - share.high, b - answer.high, c - job.high);
      return low <= Math.min(overhead.high, a - share.low, b - answer.low, c - job.low);
    })
    .map(({ family }) => family);
}
