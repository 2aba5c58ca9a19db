/**
 * Aleo's Stratum (docs/protocols.md 1.16): subscribe names `AleoStratum/1.0.0`, the target is an integer, a job is seven
 * parts of hex and a flag, and a share hands in a proof. Work is counted in proofs, which no table of rates here has a
 * unit for, so shares are counted and no rate is made of them. Pools of the main network have forms of their own.
 */
import type { Call } from '../framing/message.ts';
import type { Dialect, Recognition } from './dialect.ts';
import { type FamilyJob, type FamilyShare, family } from './mining-family.ts';
import { isHex, jobIdOf, listOf, stringsOf } from './shape.ts';

export const aleo: Dialect = {
  id: 'aleo',
  title: 'Aleo Stratum',
  reference: 'aleo-pool-server specification, docs/protocols.md 1.16',
  serves: 'Aleo',
  ...family({
    algorithm: 'aleo-puzzle',
    coin: 'ALEO',
    detail: 'jobs of Aleo',
    jobs: jobsOf,
    share: shareOf,
    shareTells: 'possible',
    other,
  }),
};

function other({ method, params }: Call): Recognition {
  const list = listOf(params);
  if (method === 'mining.subscribe') {
    const [, version] = list ?? [];
    return typeof version === 'string' && /^AleoStratum\/\d/.test(version) ? 'certain' : 'foreign';
  }
  const isTarget =
    list?.length === 1 && typeof list[0] === 'number' && Number.isInteger(list[0]) && list[0] > 0;
  return method === 'mining.set_target' && isTarget ? 'possible' : 'foreign';
}

/** Job, root of the header, four leaves, clean. */
function jobsOf(call: Call): readonly FamilyJob[] {
  const list = listOf(call.params);
  const jobId = jobIdOf(list?.[0]);
  if (list?.length !== 7 || jobId === null || typeof list[6] !== 'boolean') return [];
  return list.slice(1, 6).every((part) => isHex(part, 64)) ? [{ jobId, hashes: null }] : [];
}

/** User, job, nonce, proof. */
function shareOf(call: Call): FamilyShare | null {
  const list = stringsOf(call.params, 4, 4);
  if (list === null || !isHex(list[2], 2, 128) || !isHex(list[3], 200, 10_000)) return null;
  return { user: list[0], jobId: list[1], nonce: list[2] };
}
