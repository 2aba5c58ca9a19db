/**
 * Epic Cash's Stratum: Grin's envelope with three algorithms (EpicCash/epic-miner, types.rs and client.rs). A job names
 * one of them and lists the difficulties of all as pairs; a share wraps its proof in the algorithm's name. Cuckoo's
 * difficulty is scaled by the size of a graph that the job does not tell, so its shares are counted and not priced.
 */
import { ANSWER, REQUEST } from './grammar.ts';
import { envelope, idAtHeight } from './grin.ts';
import { isCount, isHex, listOf, objectOf, textOf } from './shape.ts';
import type { SharePart } from './sink.ts';

const ALGORITHMS: ReadonlyMap<string, string> = new Map([
  ['progpow', 'progpow'],
  ['randomx', 'rx/epic'],
  ['cuckoo', 'cuckatoo31'],
]);

export const epic = envelope({
  id: 'epic',
  title: 'Epic Cash Stratum',
  reference: 'EpicCash/epic-miner src/bin/types.rs, core/src/types.rs, client.rs',
  checked: '2026-11',
  unpriced: 'Cuckoo shares alone: the job does not tell the size of the graph',
  serves: 'Epic Cash',
  framing: 'json-lines',
  own: () => null,
  jobOf,
  read: ({ jobId, algorithm, hashes }, session) => {
    session.mines('EPIC', 'dialect');
    session.named(algorithm, 'job', 'algorithm of the job');
    session.job(jobId, hashes);
  },
  rows: {
    submit: { certain: shareOf, share: shareOf, reply: ANSWER },
    getjobtemplate: {
      certain: (params) => ALGORITHMS.has(nameOf(objectOf(params)?.algorithm)),
      read: REQUEST,
    },
  },
});

interface EpicJob {
  readonly jobId: string;
  readonly algorithm: string;
  readonly hashes: number | null;
}

function nameOf(value: unknown): string {
  return textOf(value)?.toLowerCase() ?? '';
}

function jobOf(params: unknown): EpicJob | null {
  const jobId = idAtHeight(params);
  const job = objectOf(params) ?? {};
  const difficulties = listOf(job.difficulty);
  const name = nameOf(job.algorithm);
  const algorithm = ALGORITHMS.get(name);
  if (jobId === null || difficulties === null || difficulties.length > 16 || algorithm === undefined)
    return null;
  const own = difficulties.map(listOf).find((pair) => nameOf(pair?.[0]) === name)?.[1];
  if (!isHex(job.pre_pow, 200, 4000) || !isCount(own)) return null;
  return { jobId, algorithm, hashes: name === 'cuckoo' ? null : own };
}

/** `{"ProgPow": [32 bytes]}`, `{"RandomX": [32 bytes]}`, or a cycle under Cuckoo's names, alone or behind the size of the graph. */
function shareOf(params: unknown): SharePart | null {
  const jobId = idAtHeight(params);
  const { pow, nonce } = objectOf(params) ?? {};
  const proofs = Object.entries(objectOf(pow) ?? {});
  const [[name, proof] = ['', null]] = proofs;
  const list = listOf(proof) ?? listOf(objectOf(proof)?.nonces);
  const parts = list?.length === 2 && isCount(list[0]) ? (listOf(list[1]) ?? list) : list;
  const isProof =
    /^(ProgPow|RandomX|Cuckoo|Cuckatoo|Cuckaroo)$/i.test(name) && parts?.every(isCount) === true;
  if (jobId === null || proofs.length !== 1 || !isProof || typeof nonce !== 'number') return null;
  // Beyond 2^53 its last digits are not those sent.
  return { jobId, nonce: Number.isSafeInteger(nonce) ? nonce.toString(16) : null };
}
