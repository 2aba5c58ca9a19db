/**
 * Stratum of Aeternity (STRATUM.md of aeternity/protocol), and of Tari's C29 at pools that took the same form: jobs that
 * are a header hash alone, and shares whose proof is a cycle of 42 edges in hex. `mining.set_target` bounds the hash of
 * the cycle, so that work is counted in cycles. Tari's job has the height third and compact bits fourth; what of its
 * difficulty is a share's no source states.
 */
import { form, target256 } from './form.ts';
import { type FamilyJob, family } from './mining-family.ts';
import { isHex } from './shape.ts';

export const aeternity = family({
  id: 'aeternity',
  title: 'Aeternity Stratum',
  reference: 'aeternity/protocol STRATUM.md; tari stratum_server.rs for C29',
  checked: '2026-11',
  serves: 'Aeternity; Tari on C29',
  algorithm: null,
  detail: 'jobs of a header hash',
  job: jobOf,
  // Edges are numbers, or hex of 32 bits.
  share: form('user jobId nonce=hex2..16 edge[42] ...', {
    edge: (value) => isHex(value, 8) || (Number.isSafeInteger(value) && Number(value) > 0) || null,
  }),
  shareTells: 'certain',
  target: target256,
});

const AETERNITY = { algorithm: 'cuckoocycle', coin: 'AE', detail: 'job of a header hash and a version' };
const TARI = { algorithm: 'cuckaroo29', coin: 'XTM', detail: 'job of a header hash, height and bits' };
/** Job, version of the block, header hash, clean; Tari: job, header hash, height, bits, clean. */
const [aeternitys, taris] = [form('jobId int1..255 hex64 bool'), form('jobId hex64 int1.. hex8 bool')];

function jobOf(params: unknown): FamilyJob | null {
  const own = aeternitys(params);
  const job = own ?? taris(params);
  return job === null ? null : { ...job, proven: own === null ? TARI : AETERNITY };
}
