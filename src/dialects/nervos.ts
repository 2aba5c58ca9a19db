/**
 * Nervos in its two forms. F2Pool's (docs/reference/protocols.md 1.16): Stratum v1's methods, jobs [job, header, height, parent,
 * clean] and targets by `set_target`. SparkPool's (1.20): `ckb_` methods with objects, and jobs that are named by their
 * hash and carry their target.
 */
import { form, target256 } from './form.ts';
import { ADMISSION, ANSWER, REFUSAL, REQUEST } from './grammar.ts';
import { family, ofNonceOf } from './mining-family.ts';
import { hexDigits, hexNumber, objectOf, textOf } from './shape.ts';

const DETAIL = 'jobs of Nervos';
const NONCE = ofNonceOf(16);

const workOf = form('pow_hash:jobId=0xhex64 target:hashes=target', {
  target: (value) => target256(hexDigits(value, 64)),
});
const shareOf = form('pow_hash:jobId=0xhex64 nonce:nonce=number', { number: /^0x([0-9a-fA-F]{1,32})$/ });

export const nervos = family({
  id: 'nervos',
  title: 'Nervos Stratum, both forms',
  reference: 'leifjacky’s demo, ckb stratum_v1, docs/reference/protocols.md 1.16 and 1.20',
  serves: 'Nervos',
  algorithm: 'eaglesong',
  coin: 'CKB',
  detail: DETAIL,
  job: form('jobId hex64 signed hex64 bool'),
  // User, job, rest of the nonce.
  share: form('user jobId=string nonce=hex2..32'),
  shareTells: 'possible',
  subscription: NONCE,
  target: target256,
  ofReply: ({ call, result }) => {
    if (workOf(result) === null) return NONCE(result);
    return call?.method === 'ckb_getWork' ? 'certain' : 'possible';
  },
  ahead: ({ result }, session) => session.work(workOf(result), 'eaglesong', 'CKB', DETAIL),
  rows: {
    ckb_submitLogin: {
      certain: (params) => textOf(objectOf(params)?.login),
      read: ({ method, params }, session) => {
        const fields = objectOf(params);
        session.authorize(method, fields?.login, textOf(fields?.worker));
        session.agent(fields?.agent);
      },
      reply: ADMISSION,
    },
    ckb_submitWork: { certain: shareOf, share: shareOf, reply: ANSWER },
    ckb_getWork: {
      possible: (params) => params === undefined || params === null,
      read: REQUEST,
      reply: REFUSAL,
    },
    ckb_submitHashrate: {
      possible: hexNumber,
      read: ({ params }, session) => session.hashrate(hexNumber(params)),
    },
  },
});
