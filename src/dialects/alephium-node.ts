/**
 * Alephium's node and its miners, in binary (alephium/docs, mining integration; docs/reference/protocols.md 2.4): the node sends
 * jobs to every client that connects, one for each chain with its own target; a miner, or the back end of a pool, submits whole
 * blocks, and the node says of which chain one was and whether it was valid. Nobody logs in and nothing names software.
 * A block holds 24 bytes of nonce, then the header of its job: by that its job is found.
 */
import { hashesFromTarget256 } from '../evidence/target.ts';
import type { SizedFrame } from '../framing/message.ts';
import { grammar } from './grammar.ts';
import { ACCEPTED, type Sink } from './sink.ts';

const NONCE_BYTES = 24;
/** A block has its size in front. */
const SIZE_BYTES = 4;
/** A hash also picks one of 16 chains, so that a sixteenth of those below the target count. */
const CHAINS = 16;
const JOBS_LIMIT = 512;
const LENGTHS_LIMIT = 8;

export const alephiumNode = grammar({
  id: 'alephium-node',
  title: 'Alephium node (solo)',
  reference: 'alephium/docs mining integration, alephium/gpu-miner, docs/reference/protocols.md 2.4',
  serves: 'Alephium, without a pool',
  framing: 'binary',
  own: () => new AlephiumNodeSession(),
  others: {
    'sized-frame': {
      certain: (message) => message.type === 0 && jobsOf(message).length > 0,
      possible: () => true,
      read: (message, session, own) => own.read(message, session),
    },
  },
});

interface NodeJob {
  readonly chain: string;
  /** Hex digits of the header without its nonce. */
  readonly header: string;
  readonly hashes: number;
}

/** The jobs of a message that is theirs to its last byte; none if it is a block. */
function jobsOf({ payload }: SizedFrame): NodeJob[] {
  const view = new DataView(payload.buffer, payload.byteOffset, payload.byteLength);
  let at = 0;
  const word = (): number => {
    at += 4;
    return at <= payload.length ? view.getUint32(at - 4) : Number.NaN;
  };
  const blob = (): Buffer => {
    const size = word();
    at += size;
    return Buffer.from(payload.subarray(at - size, at));
  };
  const count = word();
  const jobs: NodeJob[] = [];
  for (let index = 0; index < count && at < payload.length; index++) {
    const chain = `${word()}/${word()}`;
    const header = blob().toString('hex');
    blob();
    const target = blob();
    const hashes =
      target.length > 0 && target.length <= 32
        ? hashesFromTarget256(target.toString('hex').padStart(64, '0'))
        : null;
    if (!(at <= payload.length) || hashes === null || header === '') return [];
    jobs.push({ chain, header, hashes: hashes * CHAINS });
  }
  return at === payload.length && jobs.length === count ? jobs : [];
}

class AlephiumNodeSession {
  /** Jobs by their headers, the oldest first, and how long headers are. */
  private readonly jobs = new Map<string, string>();
  private readonly lengths = new Set<number>();
  private count = 0;

  read(message: SizedFrame, session: Sink): void {
    const jobs = message.type === 1 ? [] : jobsOf(message);
    if (jobs.length > 0) this.takeJobs(jobs, session);
    else if (message.type !== 1) this.block(message, session);
    // From group, to group, valid or not.
    else
      session.nextOutcome(message.payload[8] === 1 ? ACCEPTED : { outcome: 'other', text: 'block refused' });
  }

  private takeJobs(jobs: readonly NodeJob[], session: Sink): void {
    session.names('blake3-alephium', 'ALPH', 'jobs of Alephium’s node');
    for (const { chain, header, hashes } of jobs) {
      if (this.jobs.has(header)) continue;
      const jobId = `${chain} ${this.count++}`;
      this.jobs.set(header, jobId);
      if (this.lengths.size < LENGTHS_LIMIT) this.lengths.add(header.length);
      const [oldest] = this.jobs.keys();
      if (this.jobs.size > JOBS_LIMIT) this.jobs.delete(oldest);
      session.newJob(jobId, hashes);
    }
  }

  private block(message: SizedFrame, session: Sink): void {
    const block = message.payload.subarray(SIZE_BYTES);
    const nonce = Buffer.from(block.subarray(0, NONCE_BYTES)).toString('hex');
    session.shareInOrder(message, { jobId: this.jobOf(block), nonce });
  }

  /** The job whose header stands behind the nonce. */
  private jobOf(block: Uint8Array): string | null {
    for (const length of this.lengths) {
      const header = Buffer.from(block.subarray(NONCE_BYTES, NONCE_BYTES + length / 2)).toString('hex');
      const jobId = this.jobs.get(header);
      if (jobId !== undefined) return jobId;
    }
    return null;
  }
}
