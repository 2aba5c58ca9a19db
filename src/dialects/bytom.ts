/**
 * Bytom's Stratum (docs/reference/protocols.md 1.7, 1.16): CryptoNote's login, job and submit with a job of header fields in place
 * of a blob. Historical; its algorithm has no row in the table of rates, its targets are read as CryptoNote's.
 */
import { cryptonoteTarget } from '../evidence/target.ts';
import { form, type Parts } from './form.ts';
import { ANSWER, grammar, LOGIN, REQUEST } from './grammar.ts';
import { isHex, objectOf } from './shape.ts';

const jobOf = form(
  'job_id:jobId target:hashes=cryptonotes previous_block_hash:hex64 transactions_merkle_root:hex64 seed:hex64',
  { cryptonotes: (value) => (isHex(value, 8) ? (cryptonoteTarget(value)?.hashes ?? null) : null) },
);
const inResult = (result: unknown): Parts | null => jobOf(objectOf(result)?.job) ?? jobOf(result);
const NAMES = ['tensority', 'BTM', 'jobs of Bytom'] as const;
const shareOf = form('job_id:jobId nonce:nonce=hex8..16');

export const bytom = grammar({
  id: 'bytom',
  title: 'Bytom Stratum',
  reference: 'btcpool, docs/reference/protocols.md 1.16',
  serves: 'Bytom',
  framing: 'json-lines',
  own: () => null,
  ofReply: ({ result }) => (inResult(result) === null ? 'foreign' : 'certain'),
  ahead: ({ call, result }, session) => {
    const job = inResult(result);
    if (job !== null && call?.method === 'login') session.admit();
    return session.work(job, ...NAMES);
  },
  rows: {
    login: LOGIN,
    job: { certain: jobOf, read: ({ params }, session) => session.work(jobOf(params), ...NAMES) },
    submit: { share: shareOf, reply: ANSWER },
    getwork: { read: REQUEST, tellsInReply: true },
  },
});
