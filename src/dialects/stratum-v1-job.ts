/**
 * The job of Stratum v1 (docs/reference/protocols.md 1.5), and what it says by itself. A pool sends all its miners the same but for
 * its number: it is read once.
 */
import { readChain } from '../evidence/coin-chain.ts';
import { type HeaderJob, headerJob } from '../evidence/share-proof.ts';
import { sharedText } from '../evidence/shared-text.ts';
import { digits, si } from '../statements/figures.ts';
import { form } from './form.ts';
import { isHex, jobIdOf, listOf } from './shape.ts';

/** Job, previous hash, two coinbase halves, branches, version, bits, time, clean. */
const hasNineParts = form('jobId hex64 hex0..40000 hex0..40000 hex64[] hex8 hex8 hex8 bool');

/** The algorithm of a job, the coins that it may be of, and what shows it. */
export interface JobNaming {
  readonly algorithm: string;
  readonly detail: string;
  readonly coins: readonly string[];
}

export interface PoolJob {
  /** LBRY's: the root of its claim trie stands third, and the other nine parts are Stratum v1's. */
  readonly isLbry: boolean;
  /** What it builds on, and with its time: jobs of one id that have another are others. */
  readonly previous: string;
  readonly work: string;
  /** What its shares are hashed from; null if that is not known, or too long to be a job. */
  readonly header: HeaderJob | null;
  /** What leaves no doubt about the algorithm; null if nothing does. */
  readonly naming: JobNaming | null;
}

const LBRY = { algorithm: 'lbry', detail: 'root of a claim trie in mining.notify', coins: ['LBC'] };
/** Characters of a job; those of pools have some thousands at most. */
const LONGEST_JOB = 16_384;

/** The last jobs by what they build on and their time, with the nine parts that they were read from. */
const known = new Map<string, { readonly parts: readonly unknown[]; readonly job: PoolJob }>();
const MOST_KNOWN = 1024;

/** The job that the parameters of `mining.notify` say; null if they say none. */
export function poolJob(params: unknown): PoolJob | null {
  const list = listOf(params);
  if (list === null || jobIdOf(list[0]) === null) return null;
  const isLbry = list.length === 10 && isHex(list[2], 64);
  const parts = isLbry ? list.filter((_, at) => at !== 2) : list;
  const [previous, ntime, isClean] = [parts[1], parts[7], parts[8]];
  if (typeof previous !== 'string' || typeof ntime !== 'string' || typeof isClean !== 'boolean') return null;
  const work = `${previous} ${ntime}`;
  const last = known.get(work);
  if (last !== undefined && last.job.isLbry === isLbry && isSame(parts, last.parts)) return last.job;
  if (hasNineParts(parts) === null) return null;
  const job = readJob(parts, sharedText(work), isLbry);
  if (parts.slice(2, 5).join('').length > LONGEST_JOB) return { ...job, header: null };
  if (known.size === MOST_KNOWN) known.clear();
  known.set(work, { parts, job });
  return job;
}

/** True for jobs whose parts are the same, but for their ids and for whether work on earlier ones ends. */
function isSame(parts: readonly unknown[], others: readonly unknown[]): boolean {
  if (parts.length !== others.length) return false;
  for (let at = 1; at < 8; at++) {
    if (parts[at] === others[at]) continue;
    const list = listOf(parts[at]);
    const other = listOf(others[at]);
    if (list === null || list.length !== other?.length) return false;
    for (let item = 0; item < list.length; item++) if (list[item] !== other[item]) return false;
  }
  return true;
}

function readJob(parts: readonly unknown[], work: string, isLbry: boolean): PoolJob {
  const [, previousHash, coinbase1, coinbase2, , version, nbits, ntime] = parts.map(String);
  const branches = (listOf(parts[4]) ?? []).map(String);
  return {
    isLbry,
    previous: sharedText(previousHash),
    work,
    header: isLbry ? null : headerJob({ previousHash, coinbase1, coinbase2, branches, version, nbits }),
    naming: isLbry ? LBRY : namingOf(coinbase1, nbits, ntime),
  };
}

function namingOf(coinbase1: string, nbits: string, ntime: string): JobNaming | null {
  const { algorithm, coins, networkDifficulty } = readChain({ coinbase1, nbits, ntime });
  if (algorithm === null) return null;
  return {
    algorithm,
    detail: `coinbase and network difficulty ${si(networkDifficulty ?? 0, '', (value) => digits(value, 4))}`,
    coins,
  };
}
