/**
 * Two relatives that grew out of Stratum v1 for Ethash (docs/reference/protocols.md 1.9). EthereumStratum/1.0.0 (NiceHash): job
 * [id, seed, header, clean], difficulty in units of 2^32 hashes, the nonce without the pool's part. The classic form
 * of coinotron and ethminer: job [id, header, seed, boundary], each job with its own boundary. They are distinguished by
 * the type of the job's fourth part. Left out: KawPow and Kaspa, which greet alike and have jobs of their own.
 */
import type { Call } from '../framing/message.ts';
import { ethHashrate, isEthHashrate, WorkNames } from './eth-work.ts';
import { form, oneOf } from './form.ts';
import { ADMISSION, ANSWER, grammar, REQUEST, SERVICE, SUBSCRIPTION } from './grammar.ts';
import { reconnect } from './mining-family.ts';
import { algorithmBeside } from './opening.ts';
import { isHex, listOf, positiveNumber, stringsOf } from './shape.ts';
import type { Sink } from './sink.ts';

const VERSION = 'EthereumStratum/1.0.0';
/** Hashes behind difficulty 1: its target is 0x00000000ffff0…0, by custom taken as 2^224. */
const HASHES_PER_UNIT = 2 ** 32;

/** With a boundary and a flag it is Mining Pool Hub's form, which goes out to miners of every algorithm. */
const hubJob = form('jobId [0x]hex64 [0x]hex64 hashes=boundary bool');
const jobOf = oneOf(
  form('jobId [0x]hex64 [0x]hex64 bool'),
  form('jobId [0x]hex64 [0x]hex64 hashes=boundary'),
);
/** Of the nonce less the pool's part. Some miners send it with 0x in front, as Kaspa's do: whose it is the job tells. */
const bareShare = form('user jobId=string nonce=hex10..16');
const classicShare = form('user jobId=string nonce=0xhex16 0xhex64 0xhex64');
const shareOf = oneOf(
  bareShare,
  form('user jobId=string nonce=prefixed', { prefixed: /^0x((?:[0-9a-f]{2}){5,8})$/i }),
  classicShare,
);

export const ethereumStratum1 = grammar({
  id: 'ethereum-stratum-1',
  title: 'EthereumStratum/1.0.0 and classic Ethereum Stratum',
  reference: 'NiceHash EthereumStratum/1.0.0, ethminer mode 0, docs/reference/protocols.md 1.9',
  checked: '2026-11',
  serves: 'Ethash and Etchash coins',
  framing: 'json-lines',
  own: () => new EthereumStratum1Session(),
  ofReply: ({ result }) => (isSubscription(result) ? 'possible' : 'foreign'),
  otherwise: (reply, session) => isSubscription(reply.result) && SUBSCRIPTION(reply, session),
  rows: {
    'mining.subscribe': {
      possible: (params) => listOf(params)?.[1] === VERSION,
      read: (call, session, own) => {
        own.isWhole = !call.cut;
        session.request(call.method);
        session.agent(listOf(call.params)?.[0]);
      },
      reply: SUBSCRIPTION,
    },
    'mining.extranonce.subscribe': { possible: (params) => listOf(params ?? []), read: REQUEST },
    'mining.authorize': {
      possible: (params) => stringsOf(params, 1, 2),
      read: ({ method, params }, session) => {
        session.authorize(method, listOf(params)?.[0]);
      },
      reply: ADMISSION,
    },
    'mining.set_difficulty': {
      possible: (params) => positiveNumber(listOf(params)?.[0]),
      read: ({ params }, session, own) => own.setDifficulty(positiveNumber(listOf(params)?.[0]), session),
    },
    'mining.set_extranonce': { possible: form('hex0..6'), read: SERVICE },
    'mining.notify': {
      certain: jobOf,
      possible: hubJob,
      read: (call, session, own) => own.notify(call, session),
    },
    'mining.submit': { possible: oneOf(bareShare, classicShare), share: shareOf, reply: ANSWER },
    // ethminer reports in the words of eth-proxy whatever it speaks.
    eth_submitHashrate: { possible: isEthHashrate, read: ethHashrate },
    'client.reconnect': { possible: (params) => listOf(params ?? []), read: reconnect },
  },
});

/** `[["mining.notify", id, version], extranonce]`. */
function isSubscription(result: unknown): boolean {
  const [first, extranonce, ...rest] = listOf(result) ?? [];
  const notify = listOf(first);
  return (
    rest.length === 0 && notify?.[0] === 'mining.notify' && notify[2] === VERSION && isHex(extranonce, 0, 6)
  );
}

class EthereumStratum1Session {
  isWhole = false;
  private hasDifficulty = false;
  readonly names = new WorkNames();

  setDifficulty(units: number | null, session: Sink): void {
    if (units === null) return;
    this.hasDifficulty = true;
    session.difficulty(units * HASHES_PER_UNIT);
  }

  notify(call: Call, session: Sink): void {
    const job = jobOf(call.params) ?? hubJob(call.params);
    if (job === null) return;
    this.names.say(algorithmBeside(call), session);
    // Difficulty is 1 until the pool sets it (EthereumStratum/1.0.0), but only a whole session shows that it did not.
    const isDefault = this.isWhole && !this.hasDifficulty && !session.hasGap;
    if (job.hashes === null && isDefault) this.setDifficulty(1, session);
    session.job(job.jobId, job.hashes);
  }
}
