/**
 * Aleo's Stratum. 1.0.0 (aleo-pool-server, docs/reference/protocols.md 1.16): a job is seven parts of hex and a flag. 2.0.0 (the
 * same author's prover): a job is [id, epoch challenge of 40 bytes, address or nothing, clean], and a share submits nonce,
 * commitment and proof. zk.work's: the job carries its target and the pool's address, a share the whole solution, and
 * the miner reports its speed. A target is the number of proofs that one share stands for, for which no table here has
 * what a machine needs.
 */
import { form, oneOf } from './form.ts';
import { family } from './mining-family.ts';
import { isHex, listOf, positiveNumber } from './shape.ts';

const ADDRESS = /^aleo1[02-9ac-hj-np-z]{58}$/;

export const aleo = family({
  id: 'aleo',
  title: 'Aleo Stratum',
  reference:
    'aleo-pool-server, HarukaProver (AleoStratum/2.0.0), notes on zk.work; docs/reference/protocols.md 1.16',
  checked: '2026-11',
  serves: 'Aleo',
  algorithm: 'aleo-puzzle',
  coin: 'ALEO',
  detail: 'jobs of Aleo',
  // 1.0.0: job, root of the header, four leaves, clean. An epoch challenge is number, hash of the epoch's block, degree.
  job: oneOf(
    form('jobId hex64 hex64 hex64 hex64 hex64 bool'),
    form('jobId hex80 address|null bool', { address: ADDRESS }),
    form('jobId hashes=proofs hex80 address bool', { proofs: proofsOf, address: ADDRESS }),
  ),
  // User, job, nonce, proof; 2.0.0 with a commitment before the proof; zk.work: job, and address, nonce, commitment, proof.
  share: oneOf(
    form('user jobId=string nonce=hex2..128 hex200..10000'),
    form('user jobId=string nonce=hex2..128 hex96 hex98'),
    form('jobId=string nonce=solution', {
      solution: (value) => (isHex(value, 274) ? value.slice(64, 80) : null),
    }),
  ),
  shareTells: 'possible',
  rows: {
    'mining.subscribe': { certain: isAleos },
    'mining.set_target': { possible: form('proofs', { proofs: proofsOf }) },
    'mining.local_speed': {
      possible: speedOf,
      read: ({ params }, session) => {
        const speed = speedOf(params);
        if (speed !== null) session.selfReported(speed);
      },
    },
  },
  target: proofsOf,
});

function isAleos(params: unknown): boolean {
  const [agent, version] = listOf(params) ?? [];
  if (typeof version !== 'string') return false;
  return /^AleoStratum\/\d/.test(version) || (/^ABMatrix\/\d/.test(version) && typeof agent === 'string');
}

/** The target is the number of proofs that a share takes. */
function proofsOf(value: unknown): number | null {
  return typeof value === 'number' && Number.isInteger(value) && value > 0 ? value : null;
}

/** Proofs a second, as text. */
function speedOf(params: unknown): number | null {
  return positiveNumber(listOf(params)?.[0]);
}
