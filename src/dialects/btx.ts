/**
 * BTX's Stratum (MatMul proof of work): Stratum v1's handshake with an object of capabilities behind the agent, a job of
 * nine parts whose seventh is the target of a share, and shares with a nonce of 8 bytes. Read in matador-miner and
 * btx-nvidia-miner of 2026. The number of `mining.set_difficulty` says the same as the target, which counts.
 */
import { form } from './form.ts';
import { family } from './mining-family.ts';
import { listOf, objectOf } from './shape.ts';

export const btx = family({
  id: 'btx',
  title: 'BTX Stratum',
  reference: 'matador-miner, btx-nvidia-miner, dexbtx-miner (2026)',
  checked: '2026-11',
  serves: 'BTX',
  algorithm: 'matmul',
  coin: 'BTX',
  detail: 'jobs of BTX',
  // Job, version, previous hash, merkle root, time, bits, target, clean, and an object with the height.
  job: form('jobId signed hex64 hex64 signed hex8 hashes=target bool object?'),
  // User, job, extranonce2, time, nonce. Ergo's share looks the same.
  share: form('user jobId=string hex8 hex8 nonce=hex16'),
  shareTells: 'possible',
  rows: { 'mining.subscribe': { certain: isCapable } },
});

/** `[agent, {protocol_compliant: ["pre_hash_block_tier_v18", …], …}]`. */
function isCapable(params: unknown): boolean {
  const capabilities = listOf(objectOf(listOf(params)?.[1])?.protocol_compliant);
  return capabilities?.includes('pre_hash_block_tier_v18') === true;
}
