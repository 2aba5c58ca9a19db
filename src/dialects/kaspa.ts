/**
 * Kaspa's Stratum (kHeavyHash, docs/reference/protocols.md 1.13): the handshake of EthereumStratum/1.0.0, and jobs whose header is
 * four 64-bit integers, or one hex string with the timestamp behind it ("big job" of BzMiner and IceRiver machines).
 * The integers are beyond what JSON.parse keeps, so only their types are looked at. Forks are told by the prefix of the
 * account, which every share names; else only the family is known.
 */
import { algorithmOfCoin } from '../evidence/algorithm.ts';
import { form, oneOf } from './form.ts';
import { family } from './mining-family.ts';
import { listOf } from './shape.ts';

/** Difficulty d has the target (2^224 − 1)/d. */
const HASHES_PER_UNIT = 2 ** 32;
/** Times are in ms; from 2020 on, as the coins are younger, and until 2100. */
const TIME_MS = 'int1577836800001..4102444799999';
const WORD = {
  word: (value: unknown) =>
    (Number.isInteger(value) && Number(value) >= 0 && Number(value) <= 2 ** 64) || null,
};

export const kaspa = family({
  id: 'kaspa',
  title: 'Kaspa Stratum',
  reference:
    'kaspa-stratum-bridge client_handler.go and share_handler.go, NiceHash KHeavyHash, docs/reference/protocols.md 1.13',
  checked: '2026-11',
  serves: 'Kaspa and its forks (Karlsen, Pyrin, Spectre, Hoosat, Nexellia, Astrix, Waglayla …)',
  algorithm: 'kaspa-family',
  isFamily: true,
  algorithmOf,
  detail: 'jobs of Kaspa',
  job: oneOf(form('jobId hex80'), form(`jobId word[4] ${TIME_MS}`, WORD)),
  // User, job, nonce: at most 16 digits, with or without 0x.
  share: form('user jobId=string nonce=digits', { digits: /^(?:0x)?([0-9a-fA-F]{1,16})$/ }),
  shareTells: 'possible',
  // `[true, "EthereumStratum/1.0.0"]`: nobody else agrees so.
  subscription: (result) => {
    const list = listOf(result);
    return list?.length === 2 && list[0] === true && list[1] === 'EthereumStratum/1.0.0'
      ? 'certain'
      : 'foreign';
  },
  // The bridge leaves the namespace out.
  rows: { set_extranonce: { possible: form('hex2..16') } },
  difficulty: HASHES_PER_UNIT,
});

/** `prefix:q…` */
function algorithmOf(account: string, timeUs: number): string | null {
  const prefix = /^([a-z]{2,16}):[qp]/i.exec(account)?.[1];
  return prefix === undefined ? null : algorithmOfCoin(prefix, timeUs);
}
