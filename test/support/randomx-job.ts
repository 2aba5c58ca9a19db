/** A job of Monero of 10,000 hashes a share, and what a share for it says. */
const BLOB = `1010f1e2d3c4b5${'ab'.repeat(32)}00000000${'cd'.repeat(33)}`;
/** Meets any target: its last eight bytes, the ones that count, are 0. */
export const RESULT = 'ab'.repeat(24) + '00'.repeat(8);
export const JOB = {
  blob: BLOB,
  job_id: 'j1',
  target: 'b88d0600',
  algo: 'rx/0',
  height: 3_310_021,
  seed_hash: RESULT,
};
