/**
 * Pearl's Stratum (pearl/v1, spoken by AlphaPool, Kryptex and HeroMiners in 2026): a puzzle that the pool asks for before
 * the login, the parameters of the matrix product, and jobs of seven parts or as an object, whose shares submit the
 * proof as base64. Work depends on the parameters, and pools weigh it each their own way: shares are counted, and no rate
 * is made of them.
 */
import type { Call, Message } from '../framing/message.ts';
import type { Dialect, Recognition } from './dialect.ts';
import { type FamilyJob, type FamilyShare, family } from './mining-family.ts';
import { isHex, isPlain, jobIdOf, listOf, objectOf, textOf } from './shape.ts';
import type { Sink } from './sink.ts';

const FAMILY = family({
  algorithm: 'pearlhash',
  coin: 'PRL',
  detail: 'jobs of Pearl',
  jobs: jobsOf,
  share: shareOf,
  shareTells: 'certain',
  others: {
    'pearl.challenge': ({ params }) => {
      const asked = objectOf(params);
      return tells(isHex(asked?.seed, 64) && typeof asked.difficulty === 'number');
    },
    'pearl.challenge_response': ({ params }) => {
      const answer = objectOf(params);
      return tells(isHex(answer?.seed, 64) && isHex(answer.nonce, 2, 64));
    },
    'pearl.set_mining_params': ({ params }) => {
      const shape = objectOf(listOf(params)?.[0]) ?? objectOf(params);
      return tells(
        typeof shape?.m === 'number' && typeof shape.n === 'number' && typeof shape.k === 'number',
      );
    },
    'mining.configure': ({ params }) => tells(listOf(listOf(params)?.[0])?.includes('pearl/v1') === true),
  },
});

export const pearl: Dialect = {
  id: 'pearl',
  title: 'Pearl Stratum',
  reference: 'pearl/v1 of AlphaPool: open clients of alpha-miner’s protocol (2026)',
  checked: '2026-11',
  unpriced: 'work depends on the matrix, and pools weigh it each their own way',
  serves: 'Pearl',
  ...FAMILY,
  reader: () => new PearlSession(),
};

class PearlSession {
  private readonly family = FAMILY.reader();

  read(message: Message, session: Sink): void {
    const method = message.kind === 'call' && isPlain(message) ? message.method : '';
    if (method === 'pearl.challenge' || method === 'pearl.set_mining_params') session.service(method);
    else if (method === 'pearl.challenge_response') session.request(method);
    else this.family.read(message, session);
  }
}

function tells(isOwn: boolean): Recognition {
  return isOwn ? 'certain' : 'foreign';
}

/** Bytes of the header that the miner completes. */
const HEADER_DIGITS = 152;

/** Job, seed, header, height, time, bits, clean; or an object with the job and its header. */
function jobsOf(call: Call): readonly FamilyJob[] {
  const named = objectOf(call.params);
  if (named !== null) {
    const jobId = jobIdOf(named.job_id);
    const header = textOf(named.header) ?? textOf(named.incomplete_header_bytes);
    const isHeader = isHex(header, HEADER_DIGITS) || isBase64(header, 100, 104);
    return jobId !== null && isHeader ? [{ jobId, hashes: null }] : [];
  }
  const list = listOf(call.params);
  const jobId = jobIdOf(list?.[0]);
  if (list?.length !== 7 || jobId === null) return [];
  const [, seed, header, height, time, bits, clean] = list;
  const isJob =
    isHex(seed, 64) &&
    isHex(header, HEADER_DIGITS) &&
    Number.isSafeInteger(height) &&
    isHex(time, 8) &&
    isHex(bits, 8) &&
    typeof clean === 'boolean';
  return isJob ? [{ jobId, hashes: null }] : [];
}

function isBase64(value: unknown, least: number, most = Number.POSITIVE_INFINITY): boolean {
  if (typeof value !== 'string' || value.length < least || value.length > most) return false;
  return value.length % 4 === 0 && /^[A-Za-z0-9+/]+={0,2}$/.test(value);
}

/** Fewest letters of a proof: some rows and columns of a large matrix, and the paths of their hashes. */
const LEAST_PROOF = 256;

/** User, job, proof; or an object with job and proof. */
function shareOf(call: Call): FamilyShare | null {
  const named = objectOf(call.params);
  const [user, job, proof] = listOf(call.params) ?? [null, named?.job_id, named?.plain_proof];
  const jobId = jobIdOf(job);
  if (jobId === null || !isBase64(proof, LEAST_PROOF)) return null;
  return { user: textOf(user), jobId, nonce: null };
}
