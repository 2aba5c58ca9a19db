/**
 * What really happened in the captures that tests read, in the contract's words: the truth files beside the
 * laboratory fixtures, and the two label tables of the captures recorded by others. Nothing here asks minesweep.
 */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { ShareCounts, Verdict } from '../../src/audit/audit.ts';
import { corpusFolder, REPO_ROOT } from './corpus.ts';

export const FIXTURES = path.join(REPO_ROOT, 'fixtures');

/** A laboratory capture and its truth. */
export interface Truth {
  readonly name: string;
  /** Absolute path of the capture. */
  readonly capture: string;
  readonly mining: boolean;
  /** The contract's dialect id that the capture can show; null without mining. */
  readonly dialect: string | null;
  /** The strongest verdict that the capture can carry. */
  readonly atMost: Verdict;
  readonly miner: string;
  /** Addresses and ports of the pool that were connected to, the first first. */
  readonly pool: { readonly ip: string; readonly port: number };
  /** The proxy in between; null on a direct connection. */
  readonly via: { readonly ip: string; readonly port: number } | null;
  readonly algorithm: string | null;
  /** As far as the capture shows them, else null. */
  readonly account: string | null;
  readonly worker: string | null;
  readonly agent: string | null;
  /** Shares that the capture shows, over all connections; null where it shows none. */
  readonly shares: ShareCounts | null;
  /** Changes of difficulty; the time is null where the change lies before the capture, so that it is seen late. */
  readonly difficulty: readonly { readonly timeUs: number | null; readonly hashesPerShare: number }[];
  /** True rate of the whole session, H/s or Sol/s; null where the capture cannot show a rate. */
  readonly hashrate: number | null;
  /** False where chance alone puts the truth outside the 95 % interval of a perfect reader of the shares. */
  readonly insideByChance: boolean;
  /** What the miner told the pool of itself. */
  readonly selfReported: readonly number[];
}

/** The recorder's dialect names in the contract's ids. */
const DIALECT_IDS: Readonly<Record<string, string>> = {
  'cryptonote-json': 'cryptonote',
  'monerod-rpc': 'monero-daemon',
  'stratum-v1': 'stratum-v1',
  'eth-proxy': 'eth-proxy',
  'ethereumstratum-1.0.0': 'ethereum-stratum-1',
  zip301: 'zip301',
};

const HASHES_PER_UNIT: Readonly<Record<string, number>> = {
  difficulty: 1,
  difficulty1: 2 ** 32,
  scrypt_difficulty: 65_536,
};

/** What a capture cannot show of its session. Everything else is taken from the truth file. */
interface Limits {
  readonly dialect?: string;
  readonly atMost?: Verdict;
  /** No login in the capture. */
  readonly anonymous?: true;
  /** Submits that the capture holds, where not all; 0 where none can be read. */
  readonly submits?: number;
  /** No difficulty, so no rate. */
  readonly unpriced?: true;
}

const LIMITS: Readonly<Record<string, Limits>> = {
  // 30 payload bytes a packet: the method of a submit and the result of its answer can be made out (true, or null
  // with the error cut off), a login, a job or a difficulty cannot.
  'ltc-cpuminer-multi': { atMost: 'probable', anonymous: true, unpriced: true },
  // Starts after the login and the first job.
  'xmr-nicehash-midsession': { anonymous: true, submits: 46 },
  // TLS without a name: behaviour alone.
  'xmr-tls': { dialect: 'tls', atMost: 'suspected', anonymous: true, submits: 0, unpriced: true },
};

type Json = Readonly<Record<string, unknown>>;

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
function text(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}
function number(value: unknown): number {
  return typeof value === 'number' ? value : 0;
}
function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** Splits 'ip:port' or '[ip]:port'; without a port, port 0. */
export function endpoint(value: string): { ip: string; port: number } {
  const match = /^\[?([0-9a-f.:]+?)\]?:(\d+)$/.exec(value);
  if (match === null || /^[\d.]+$/.test(value)) return { ip: value, port: 0 };
  return { ip: match[1] ?? '', port: Number(match[2]) };
}

/** Every laboratory capture, miners first as their folders come. */
export function laboratory(): Truth[] {
  const truths: Truth[] = [];
  for (const theme of readdirSync(FIXTURES, { withFileTypes: true })) {
    if (!theme.isDirectory()) continue;
    const folder = path.join(FIXTURES, theme.name);
    for (const file of readdirSync(folder)) {
      if (file.endsWith('.truth.json')) truths.push(readTruth(folder, file));
    }
  }
  return truths;
}

/** One laboratory capture by its name. */
export function laboratoryCapture(name: string): Truth {
  const truth = laboratory().find((candidate) => candidate.name === name);
  if (truth === undefined) throw new Error(`no fixture named ${name}`);
  return truth;
}

function readTruth(folder: string, file: string): Truth {
  const parsed: unknown = JSON.parse(readFileSync(path.join(folder, file), 'utf8'));
  if (!isObject(parsed)) throw new Error(`${file} is not an object`);
  const name = text(parsed.scenario) ?? '';
  const limits = LIMITS[name] ?? {};
  const mining = parsed.is_mining === true;
  const socks = /^(\S+) \(SOCKS5, CONNECT (\S+)\)$/.exec(text(parsed.pool) ?? '');
  const pool = socks === null ? (text(parsed.pool) ?? text(parsed.server) ?? '') : (socks[2] ?? '');
  const login = isObject(parsed.login) ? parsed.login : null;
  const unit = HASHES_PER_UNIT[text(parsed.difficulty_unit) ?? 'difficulty'] ?? 1;
  const history = limits.unpriced ? [] : list(parsed.difficulty_history).filter(isObject);
  return {
    name,
    capture: path.join(folder, text(parsed.capture) ?? ''),
    mining,
    dialect: mining ? (limits.dialect ?? DIALECT_IDS[text(parsed.dialect) ?? ''] ?? null) : null,
    atMost: mining ? (limits.atMost ?? 'confirmed') : 'listed',
    miner: endpoint(text(parsed.client) ?? '').ip,
    pool: endpoint(pool),
    via: socks === null ? null : endpoint(socks[1] ?? ''),
    algorithm: text(parsed.algorithm),
    account: limits.anonymous ? null : text(parsed.wallet),
    worker: limits.anonymous ? null : text(parsed.worker),
    agent: limits.anonymous || login === null ? null : text(login.agent),
    shares: mining ? shares(parsed, limits) : null,
    difficulty: history.map((change) => ({
      timeUs: number(change.t) < number(parsed.capture_started_t) ? null : number(change.t) * 1e6,
      hashesPerShare: number(change.difficulty) * unit,
    })),
    hashrate: mining && !limits.unpriced ? number(parsed.true_hashrate) : null,
    insideByChance: withinChance(parsed),
    selfReported: list(parsed.reported_by_submitHashrate).map(number),
  };
}

/** Stale shares stand apart from rejected ones, as the contract counts them. */
function shares(truth: Json, limits: Limits): ShareCounts | null {
  const submitted = limits.submits ?? number(truth.shares_submitted);
  if (submitted === 0) return null;
  let stale = 0;
  let rejected = 0;
  for (const [reason, count] of Object.entries(isObject(truth.reject_reasons) ? truth.reject_reasons : {})) {
    if (/stale|job not found/i.test(reason)) stale += number(count);
    else rejected += number(count);
  }
  return { submitted, accepted: submitted - stale - rejected, rejected, stale, unanswered: 0 };
}

/** Whether the exact interval around the truth file's own share estimate holds the truth. */
function withinChance(truth: Json): boolean {
  const count = number(truth.shares_submitted);
  if (count === 0) return false;
  const ratio = number(truth.true_hashrate) / number(truth.share_estimate_hashrate);
  const { low, high } = exactInterval(count);
  return ratio * count >= low && ratio * count <= high;
}

/**
 * The exact (Garwood) 95 % interval of a Poisson mean after `count` events, found by bisection on the cumulative
 * sum itself, so that it owes nothing to the gamma function of the code under test.
 */
export function exactInterval(count: number): { low: number; high: number } {
  const top = count + 10 * Math.sqrt(count + 1) + 10;
  const high = bisect(0, top, (mean) => poissonAtMost(count, mean) > 0.025);
  const low = count === 0 ? 0 : bisect(0, top, (mean) => 1 - poissonAtMost(count - 1, mean) < 0.025);
  return { low, high };
}

/** P(X <= count) for a Poisson mean, summed in logarithms against underflow. */
function poissonAtMost(count: number, mean: number): number {
  if (mean <= 0) return 1;
  let logTerm = -mean;
  let sum = Math.exp(logTerm);
  for (let k = 1; k <= count; k++) {
    logTerm += Math.log(mean / k);
    sum += Math.exp(logTerm);
  }
  return Math.min(1, sum);
}

function bisect(from: number, to: number, below: (at: number) => boolean): number {
  let low = from;
  let high = to;
  for (let step = 0; step < 100; step++) {
    const middle = (low + high) / 2;
    if (below(middle)) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** One row of the labels of captures recorded by others. */
export type LabelRow = Readonly<Record<string, string>>;

/** Rows of `real/truth.csv` (capture, miner, verdict, dialect, coin, what); null where the corpus is absent. */
export function realTruth(): LabelRow[] | null {
  return corpusTable('truth.csv');
}

/** Rows of `real/cj-truth.csv` (capture, hashrate_15m, accepted_rejected, …); null where the corpus is absent. */
export function cjTruth(): LabelRow[] | null {
  return corpusTable('cj-truth.csv');
}

function corpusTable(file: string): LabelRow[] | null {
  const folder = corpusFolder();
  if (folder === null) return null;
  const [head = [], ...rows] = parseCsv(readFileSync(path.join(folder, 'real', file), 'utf8'));
  return rows.map((row) => Object.fromEntries(head.map((name, column) => [name, row[column] ?? ''])));
}

/** RFC 4180 as far as the label tables use it: quoted cells with commas and doubled quotes. */
function parseCsv(content: string): string[][] {
  const rows: string[][] = [];
  for (const line of content.split(/\r?\n/)) {
    if (line === '') continue;
    const cells: string[] = [];
    for (const match of line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)) {
      cells.push(match[1] === undefined ? (match[2] ?? '') : match[1].replaceAll('""', '"'));
    }
    rows.push(cells);
  }
  return rows;
}
