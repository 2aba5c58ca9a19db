/**
 * Alephium's Stratum (docs/reference/protocols.md 1.14): the pool pushes jobs unasked, an array of objects with one for each chain,
 * and answers shares with `mining.submit_result`. The account comes with the share. Difficulty 1 stands for 2^34
 * hashes, because a hash also picks one of 16 chains. The node's own interface is another dialect (alephium-node).
 */
import { form } from './form.ts';
import { type FamilyJob, family } from './mining-family.ts';
import { listOf } from './shape.ts';

const HASHES_PER_UNIT = 2 ** 34;
/** Four groups make 16 chains. */
const CHAINS_LIMIT = 16;

export const alephium = family({
  id: 'alephium',
  title: 'Alephium Stratum',
  reference: 'alephium/mining-pool, NiceHash Alephium, docs/reference/protocols.md 1.14',
  serves: 'Alephium',
  algorithm: 'blake3-alephium',
  coin: 'ALPH',
  detail: 'jobs of Alephium',
  job: jobsOf,
  share: form('jobId:jobId fromGroup:int0..15 toGroup:int0..15 nonce:nonce=hex48 worker:user=anyText'),
  shareTells: 'certain',
  difficulty: HASHES_PER_UNIT,
});

const jobOf = form('jobId:jobId fromGroup:int0..15 toGroup:int0..15 headerBlob:hex64..4096');

function jobsOf(params: unknown): readonly FamilyJob[] | null {
  const list = listOf(params) ?? [];
  const jobs = list.map(jobOf).filter((job) => job !== null);
  return jobs.length > 0 && jobs.length === list.length && jobs.length <= CHAINS_LIMIT ? jobs : null;
}
