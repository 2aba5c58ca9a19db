/**
 * Kaspa's Stratum (kHeavyHash, docs/protocols.md 1.13): the greeting of EthereumStratum/1.0.0, and jobs whose header is
 * four 64-bit integers, or one hex string with the timestamp behind it ("big job" of BzMiner and IceRiver machines).
 * The integers are beyond what JSON.parse keeps, so only their types are looked at. Forks are told by the prefix of the
 * account, which every share names; else only the family is known.
 */
import { algorithmOfCoin } from '../evidence/algorithm.ts';
import type { Call } from '../framing/message.ts';
import type { Dialect, Recognition } from './dialect.ts';
import { type FamilyJob, type FamilyShare, family } from './mining-family.ts';
import { isHex, jobIdOf, listOf, stringsOf } from './shape.ts';

/** Difficulty d has the target (2^224 − 1)/d. */
const HASHES_PER_UNIT = 2 ** 32;
/** Times are in ms; from 2020 on, as the coins are younger. */
const FIRST_TIME_MS = 1_577_836_800_000;
const LAST_TIME_MS = 4_102_444_800_000;

export const kaspa: Dialect = {
  id: 'kaspa',
  title: 'Kaspa Stratum',
  reference:
    'kaspa-stratum-bridge client_handler.go and share_handler.go, NiceHash KHeavyHash, docs/protocols.md 1.13',
  checked: '2026-11',
  serves: 'Kaspa and its forks (Karlsen, Pyrin, Spectre, Hoosat, Nexellia, Astrix, Waglayla …)',
  ...family({
    algorithm: 'kaspa-family',
    isFamily: true,
    algorithmOf,
    detail: 'jobs of Kaspa',
    jobs: jobsOf,
    share: shareOf,
    shareTells: 'possible',
    subscription,
    others: { set_extranonce: recogniseExtranonce },
    difficulty: HASHES_PER_UNIT,
  }),
};

/** `prefix:q…` */
function algorithmOf(account: string, timeUs: number): string | null {
  const prefix = /^([a-z]{2,16}):[qp]/i.exec(account)?.[1];
  return prefix === undefined ? null : algorithmOfCoin(prefix, timeUs);
}

/** `[true, "EthereumStratum/1.0.0"]`: nobody else agrees so. */
function subscription(result: unknown): Recognition {
  const list = listOf(result);
  return list?.length === 2 && list[0] === true && list[1] === 'EthereumStratum/1.0.0'
    ? 'certain'
    : 'foreign';
}

/** The bridge leaves the namespace out: `set_extranonce`. */
function recogniseExtranonce({ params }: Call): Recognition {
  const list = listOf(params);
  return list?.length === 1 && isHex(list[0], 2, 16) ? 'possible' : 'foreign';
}

function jobsOf(call: Call): readonly FamilyJob[] {
  const list = listOf(call.params);
  const jobId = jobIdOf(list?.[0]);
  if (list === null || jobId === null) return [];
  const isBig = list.length === 2 && isHex(list[1], 80);
  const header = listOf(list[1]);
  const isUsual = list.length === 3 && header?.length === 4 && header.every(isWord) && isTime(list[2]);
  return isBig || isUsual ? [{ jobId, hashes: null }] : [];
}

function isWord(value: unknown): boolean {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= 2 ** 64;
}

function isTime(value: unknown): boolean {
  return (
    typeof value === 'number' && Number.isInteger(value) && value > FIRST_TIME_MS && value < LAST_TIME_MS
  );
}

/** User, job, nonce: at most 16 digits, with or without 0x. */
function shareOf(call: Call): FamilyShare | null {
  const list = stringsOf(call.params, 3, 3);
  const digits = /^(?:0x)?([0-9a-fA-F]{1,16})$/.exec(list?.[2] ?? '')?.[1];
  return list === null || digits === undefined ? null : { user: list[0], jobId: list[1], nonce: digits };
}
