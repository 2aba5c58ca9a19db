/**
 * Nervos in its two forms. F2Pool's (docs/protocols.md 1.16): Stratum v1's methods, jobs [job, header, height, parent,
 * clean] and targets by `set_target`. SparkPool's (1.20): `ckb_` methods with objects, and jobs that are named by their
 * hash and carry their target.
 */
import { hashesFromTarget256 } from '../evidence/target.ts';
import type { Call, Message, Reply } from '../framing/message.ts';
import type { Dialect, Recognition } from './dialect.ts';
import { type FamilyJob, type FamilyShare, family } from './mining-family.ts';
import { recogniser } from './plain.ts';
import {
  hexDigits,
  hexNumber,
  isHex,
  isPlain,
  jobIdOf,
  listOf,
  objectOf,
  stringsOf,
  textOf,
} from './shape.ts';
import type { Sink } from './sink.ts';

const NONCE_BYTES = 16;
const DETAIL = 'jobs of Nervos';

const f2pool = family({
  algorithm: 'eaglesong',
  coin: 'CKB',
  detail: DETAIL,
  jobs: jobsOf,
  share: shareOf,
  shareTells: 'possible',
  subscription,
  target: (value) => (isHex(value, 64) ? hashesFromTarget256(value) : null),
});

export const nervos: Dialect = {
  id: 'nervos',
  title: 'Nervos Stratum, both forms',
  reference: 'leifjacky’s demo, ckb stratum_v1, docs/protocols.md 1.16 and 1.20',
  serves: 'Nervos',
  framing: 'json-lines',
  methods: [...f2pool.methods, 'ckb_submitLogin', 'ckb_submitWork', 'ckb_getWork', 'ckb_submitHashrate'],
  recognise: (message) => {
    const recognition = f2pool.recognise(message);
    return recognition === 'foreign' ? recogniseSpark(message) : recognition;
  },
  reader: () => new NervosSession(),
};

/** `[null, prefix of the nonce, rest of it]`: sixteen bytes together. */
function subscription(result: unknown): Recognition {
  const list = listOf(result);
  if (list?.length !== 3 || list[0] !== null || typeof list[2] !== 'number' || !isHex(list[1], 2, 30)) {
    return 'foreign';
  }
  return list[1].length / 2 + list[2] === NONCE_BYTES ? 'possible' : 'foreign';
}

function jobsOf(call: Call): readonly FamilyJob[] {
  const list = listOf(call.params);
  const jobId = jobIdOf(list?.[0]);
  if (list?.length !== 5 || jobId === null) return [];
  const [, header, height, parent, clean] = list;
  const isJob =
    isHex(header, 64) && Number.isSafeInteger(height) && isHex(parent, 64) && typeof clean === 'boolean';
  return isJob ? [{ jobId, hashes: null }] : [];
}

/** User, job, rest of the nonce. */
function shareOf(call: Call): FamilyShare | null {
  const list = stringsOf(call.params, 3, 3);
  return list === null || !isHex(list[2], 2, 32) ? null : { user: list[0], jobId: list[1], nonce: list[2] };
}

const recogniseSpark = recogniser(recogniseCall, ({ call, result }) => {
  if (workOf(result) === null) return 'foreign';
  return call?.method === 'ckb_getWork' ? 'certain' : 'possible';
});

function recogniseCall({ method, params }: Call): Recognition {
  if (method === 'ckb_submitLogin') return textOf(objectOf(params)?.login) !== null ? 'certain' : 'foreign';
  if (method === 'ckb_submitWork') return sparkShare(params) !== null ? 'certain' : 'foreign';
  if (method === 'ckb_getWork') return params === undefined || params === null ? 'possible' : 'foreign';
  return method === 'ckb_submitHashrate' && hexNumber(params) !== null ? 'possible' : 'foreign';
}

function workOf(result: unknown): { jobId: string; hashes: number } | null {
  const work = objectOf(result);
  const jobId = hexDigits(work?.pow_hash, 64);
  const target = hexDigits(work?.target, 64);
  const hashes = target === null ? null : hashesFromTarget256(target);
  return jobId === null || hashes === null ? null : { jobId, hashes };
}

function sparkShare(params: unknown): { jobId: string; nonce: string } | null {
  const share = objectOf(params);
  const jobId = hexDigits(share?.pow_hash, 64);
  const nonce = /^0x([0-9a-fA-F]{1,32})$/.exec(String(share?.nonce))?.[1];
  return jobId === null || nonce === undefined ? null : { jobId, nonce };
}

class NervosSession {
  private readonly f2pool = f2pool.reader();

  read(message: Message, session: Sink): void {
    this.f2pool.read(message, session);
    if (!isPlain(message)) return;
    if (message.kind === 'call') readSparkCall(message, session);
    else if (message.kind === 'reply') readSparkReply(message, session);
  }
}

function readSparkCall(call: Call, session: Sink): void {
  const { method, params } = call;
  if (method === 'ckb_submitLogin') {
    const fields = objectOf(params);
    session.authorize(method, fields?.login, textOf(fields?.worker));
    session.agent(fields?.agent);
  } else if (method === 'ckb_submitWork') {
    const share = sparkShare(params);
    if (share !== null) session.share(call, { ...share });
  } else if (method === 'ckb_submitHashrate') {
    const hashrate = hexNumber(params);
    if (hashrate !== null && hashrate > 0 && hashrate < 1e20) session.selfReported(hashrate);
  } else if (method === 'ckb_getWork') session.request(method);
}

function readSparkReply(reply: Reply, session: Sink): void {
  const work = workOf(reply.result);
  const method = reply.call?.method;
  if (work !== null) {
    session.names('eaglesong', 'CKB', DETAIL);
    session.job(work.jobId, work.hashes);
  } else if (method === 'ckb_submitLogin') session.admission(reply);
  else if (method === 'ckb_getWork') session.refusal(reply);
  else if (method === 'ckb_submitWork') session.answer(reply);
}
