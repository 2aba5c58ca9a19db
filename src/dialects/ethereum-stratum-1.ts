/**
 * Two relatives that grew out of Stratum v1 for Ethash (docs/protocols.md 1.9). EthereumStratum/1.0.0 (NiceHash): job
 * [id, seed, header, clean], difficulty in units of 2^32 hashes, the nonce without the pool's part. The classic form
 * of coinotron and ethminer: job [id, header, seed, boundary], each job with its own boundary. They are distinguished by
 * the type of the job's fourth part. Left out: KawPow and Kaspa, which greet alike and have jobs of their own.
 */
import { hashesFromTarget256 } from '../evidence/target.ts';
import type { Call, Reply } from '../framing/message.ts';
import type { Dialect, Recognition } from './dialect.ts';
import { ethHashrate, isEthHashrate, WorkNames } from './eth-work.ts';
import { algorithmBeside } from './opening.ts';
import { PlainReader, recogniser } from './plain.ts';
import {
  boundaryDigits,
  hexDigits,
  isHex,
  jobIdOf,
  listOf,
  portOf,
  positiveNumber,
  stringsOf,
  textOf,
} from './shape.ts';
import type { Sink } from './sink.ts';

const VERSION = 'EthereumStratum/1.0.0';
/** Hashes behind difficulty 1: its target is 0x00000000ffff0…0, by custom taken as 2^224. */
const HASHES_PER_UNIT = 2 ** 32;

export const ethereumStratum1: Dialect = {
  id: 'ethereum-stratum-1',
  title: 'EthereumStratum/1.0.0 and classic Ethereum Stratum',
  reference: 'NiceHash EthereumStratum/1.0.0, ethminer mode 0, docs/protocols.md 1.9',
  checked: '2026-11',
  serves: 'Ethash and Etchash coins',
  framing: 'json-lines',
  methods: [
    'mining.subscribe',
    'mining.authorize',
    'mining.notify',
    'mining.submit',
    'mining.set_difficulty',
    'mining.set_extranonce',
    'mining.extranonce.subscribe',
    'client.reconnect',
    'eth_submitHashrate',
    '#reply',
  ],
  recognise: recogniser(recogniseCall, ({ result }) => (isSubscription(result) ? 'possible' : 'foreign')),
  reader: () => new EthereumStratum1Session(),
};

interface EthereumJob {
  readonly jobId: string;
  /** Work of the job's own boundary, null if the difficulty of the connection holds. */
  readonly hashes: number | null;
}

interface EthereumShare {
  readonly user: string;
  readonly jobId: string;
  readonly nonce: string;
}

function recogniseCall({ method, params }: Call): Recognition {
  switch (method) {
    case 'mining.notify':
      // With a boundary and a flag it is Mining Pool Hub's form, which goes out to miners of every algorithm.
      if (jobOf(params) === null) return 'foreign';
      return listOf(params)?.length === 4 ? 'certain' : 'possible';
    case 'mining.submit':
      // Three parts, of which the last is a nonce with 0x, are as well Kaspa's: whose they are the job tells.
      return shareOf(params) !== null && !isPrefixed(params) ? 'possible' : 'foreign';
    case 'mining.subscribe':
      return listOf(params)?.[1] === VERSION ? 'possible' : 'foreign';
    case 'mining.authorize':
      return stringsOf(params, 1, 2) !== null ? 'possible' : 'foreign';
    case 'mining.set_difficulty':
      return positiveNumber(listOf(params)?.[0]) !== null ? 'possible' : 'foreign';
    case 'mining.set_extranonce':
      return listOf(params)?.length === 1 && isHex(listOf(params)?.[0], 0, 6) ? 'possible' : 'foreign';
    case 'mining.extranonce.subscribe':
    case 'client.reconnect':
      return listOf(params ?? []) !== null ? 'possible' : 'foreign';
    case 'eth_submitHashrate': // ethminer reports in the words of eth-proxy whatever it speaks
      return isEthHashrate(params) ? 'possible' : 'foreign';
    default:
      return 'foreign';
  }
}

/** `[["mining.notify", id, version], extranonce]`. */
function isSubscription(result: unknown): boolean {
  const list = listOf(result);
  const notify = listOf(list?.[0]);
  return (
    list?.length === 2 && notify?.[0] === 'mining.notify' && notify[2] === VERSION && isHex(list[1], 0, 6)
  );
}

function jobOf(params: unknown): EthereumJob | null {
  const list = listOf(params);
  const jobId = jobIdOf(list?.[0]);
  if (list === null || jobId === null || list.length < 4 || list.length > 5) return null;
  if (list.length === 5 && typeof list[4] !== 'boolean') return null;
  if (hexDigits(list[1], 64, true) === null || hexDigits(list[2], 64, true) === null) return null;
  if (typeof list[3] === 'boolean') return list.length === 4 ? { jobId, hashes: null } : null;
  const hashes = hashesFromTarget256(boundaryDigits(list[3], true));
  return hashes === null ? null : { jobId, hashes };
}

/** True for a share of NiceHash's form whose nonce has 0x in front. */
function isPrefixed(params: unknown): boolean {
  const list = stringsOf(params, 3, 3);
  return list?.[2].startsWith('0x') === true;
}

/**
 * `[user, job, nonce less the pool's part]`, which some miners send with 0x in front, or `[user, job, nonce, header,
 * mix]` with 0x in front of each.
 */
function shareOf(params: unknown): EthereumShare | null {
  const list = stringsOf(params, 3, 5);
  if (list === null) return null;
  const [user, jobId, nonce] = list;
  if (list.length === 3) {
    const rest = nonce.startsWith('0x') ? nonce.slice(2) : nonce;
    return isHex(rest, 10, 16) ? { user, jobId, nonce: rest } : null;
  }
  const digits = hexDigits(nonce, 16);
  const isClassic = list.length === 5 && hexDigits(list[3], 64) !== null && hexDigits(list[4], 64) !== null;
  return isClassic && digits !== null ? { user, jobId, nonce: digits } : null;
}

class EthereumStratum1Session extends PlainReader {
  private isWhole = false;
  private hasDifficulty = false;
  private readonly names = new WorkNames();

  protected readCall(call: Call, session: Sink): void {
    const { method, params } = call;
    const list = listOf(params) ?? [];
    switch (method) {
      case 'mining.subscribe': {
        this.isWhole = !call.cut;
        session.request(method);
        session.agent(list[0]);
        return;
      }
      case 'mining.extranonce.subscribe':
        session.request(method);
        return;
      case 'mining.authorize':
        this.names.account(session.authorize(method, list[0]));
        return;
      case 'mining.set_difficulty':
        this.setDifficulty(list[0], session);
        return;
      case 'mining.set_extranonce':
        session.service(method);
        return;
      case 'mining.notify':
        this.notify(call, session);
        return;
      case 'mining.submit': {
        const share = shareOf(params);
        if (share === null && !(call.cut && params === undefined)) return;
        const jobId = share?.jobId ?? null;
        session.share(call, { jobId, user: share?.user, nonce: share?.nonce ?? null });
        return;
      }
      case 'eth_submitHashrate':
        ethHashrate(params, session);
        return;
      case 'client.reconnect':
        session.reconnect(textOf(list[0]) ?? '', portOf(list[1]));
    }
  }

  private setDifficulty(value: unknown, session: Sink): void {
    const units = positiveNumber(value);
    if (units === null) return;
    this.hasDifficulty = true;
    session.difficulty(units * HASHES_PER_UNIT);
  }

  private notify(call: Call, session: Sink): void {
    const job = jobOf(call.params);
    if (job === null) return;
    this.names.take(algorithmBeside(call), session);
    // Difficulty is 1 until the pool sets it (EthereumStratum/1.0.0), but only a whole session shows that it did not.
    if (job.hashes === null && this.isWhole && !this.hasDifficulty) this.setDifficulty(1, session);
    session.job(job.jobId, job.hashes);
  }

  protected readReply(reply: Reply, session: Sink): void {
    const method = reply.call?.method ?? '';
    if (method === 'mining.submit') session.answer(reply);
    else if (method === 'mining.authorize') session.admission(reply);
    else if (method === 'mining.subscribe' || isSubscription(reply.result)) {
      if (listOf(reply.result) !== null) session.service('mining.subscribe');
      else session.refusal(reply);
    }
  }
}
