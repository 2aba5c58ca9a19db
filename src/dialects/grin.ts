/**
 * The Stratum of Grin and its relatives of the Cuckoo family (docs/reference/protocols.md 1.17): `login` answered with "ok", jobs
 * with a header before its proof (`pre_pow`), and shares whose proof is a cycle of 42 edges. Work is counted in graphs:
 * one graph in 42 holds a cycle, and a share of difficulty d is one cycle in d/weight (5.3), never less than one. Left
 * out: the weight of 29-bit graphs, which changes with the chain, so that only difficulty 1 is priced there.
 */
import type { Call, Reply } from '../framing/message.ts';
import type { Dialect, Profile } from './dialect.ts';
import { form } from './form.ts';
import { ANSWER, type Grammar, grammar, LOGIN, REQUEST, type Row, rowsOf } from './grammar.ts';
import { isHidden } from './opening.ts';
import { isCount, isCycle, jobIdOf, objectOf } from './shape.ts';
import type { Sink } from './sink.ts';

/** Graphs that are tried for one cycle. */
const GRAPHS_PER_SOLUTION = 42;
/** 2^(bits − 23) times bits: what a cycle of a graph of this size counts. */
const WEIGHTS = new Map([
  [31, 2 ** 8 * 31],
  [32, 2 ** 9 * 32],
]);
const SMALLEST_WEIGHT = 2 ** 8 * 31;
const ALGORITHMS = new Map([
  [29, 'cuckarood29'],
  [31, 'cuckatoo31'],
  [32, 'cuckatoo32'],
]);

export const grin = envelope({
  id: 'grin',
  title: 'Grin Stratum',
  reference: 'grin doc/stratum, NiceHash Grin, docs/reference/protocols.md 1.17',
  serves: 'Grin, MWC and other coins of the Cuckoo family',
  framing: 'json-lines',
  own: () => new GrinSession(),
  jobOf,
  read: (job, session, own) => own.job(job, session),
  rows: {
    submit: { certain: shareOf, read: (call, session, own) => own.submit(call, session), reply: ANSWER },
    getjobtemplate: { possible: (params) => params === null || params === undefined, read: REQUEST },
  },
});

interface GrinJob {
  readonly jobId: string;
  readonly difficulty: number;
}

interface Envelope<Job, Own> extends Profile, Pick<Grammar<Own>, 'own' | 'rows'> {
  readonly jobOf: (params: unknown) => Job | null;
  readonly read: (job: Job, session: Sink, own: Own) => void;
}

/** The envelope that Grin and Epic Cash share: rows of the methods that they have in common, and those of each. */
export function envelope<Job, Own>(given: Envelope<Job, Own>): Dialect {
  const { jobOf } = given;
  const isLogin = ({ body }: Reply): boolean => body.method === 'login';
  const takeJob = (params: unknown, session: Sink, own: Own): boolean => {
    const job = jobOf(params);
    if (job !== null) given.read(job, session, own);
    return job !== null;
  };
  const asked: Row<Own> = {
    read: REQUEST,
    reply: ({ call }, session) => session.service(call?.method ?? ''),
  };
  return grammar({
    ...given,
    // Answers carry the method again.
    ofReply: (reply) => {
      if (jobOf(reply.result) !== null) return 'certain';
      return isLogin(reply) && reply.result === 'ok' ? 'possible' : 'foreign';
    },
    ahead: (reply, session, own) => {
      if (reply.call === undefined && isLogin(reply)) session.admission(reply);
      return takeJob(reply.result, session, own);
    },
    rows: {
      login: LOGIN,
      job: { certain: jobOf, read: ({ params }, session, own) => takeJob(params, session, own) },
      ...rowsOf('keepalive status', asked),
      ...given.rows,
    },
  });
}

/** Jobs are numbered anew at each height. */
export function idAtHeight(params: unknown): string | null {
  const { job_id, height } = objectOf(params) ?? {};
  const jobId = jobIdOf(job_id);
  return jobId !== null && isCount(height) ? `${height}/${jobId}` : null;
}

const isJob = form('pre_pow:hex200..2000 difficulty:int1..');

function jobOf(params: unknown): GrinJob | null {
  const jobId = idAtHeight(params);
  return jobId === null || isJob(params) === null
    ? null
    : { jobId, difficulty: Number(objectOf(params)?.difficulty) };
}

function shareOf(params: unknown): { jobId: string; edgeBits: number } | null {
  const jobId = idAtHeight(params);
  const { nonce, edge_bits, pow } = objectOf(params) ?? {};
  const edgeBits = edge_bits ?? 32;
  if (jobId === null || typeof nonce !== 'number' || !isCount(edgeBits) || edgeBits > 64) return null;
  return isCycle(pow) ? { jobId, edgeBits } : null;
}

class GrinSession {
  private edgeBits: number | null = null;
  private hasJob = false;

  submit(call: Call, session: Sink): void {
    const share = shareOf(call.params);
    if (share === null && !isHidden(call)) return;
    if (share !== null && share.edgeBits !== this.edgeBits) {
      this.edgeBits = share.edgeBits;
      const algorithm = ALGORITHMS.get(share.edgeBits) ?? `cuckoo${share.edgeBits}`;
      session.algorithm(algorithm, 'job', `edge_bits ${share.edgeBits} of the share`, 'miner');
    }
    session.share(call, { jobId: share?.jobId ?? null });
  }

  job({ jobId, difficulty }: GrinJob, session: Sink): void {
    if (!this.hasJob) {
      this.hasJob = true;
      const detail = 'jobs with a header before its proof; the size of the graph is in the shares';
      session.algorithm('cuckoo-family', 'family', detail, 'pool');
    }
    session.job(jobId, this.graphsOf(difficulty));
  }

  /** Expected graphs of a share, or null if the size of the graph would have to be known. */
  private graphsOf(difficulty: number): number | null {
    const { edgeBits } = this;
    const weight = edgeBits === null ? SMALLEST_WEIGHT : (WEIGHTS.get(edgeBits) ?? 1);
    if (difficulty <= weight) return GRAPHS_PER_SOLUTION;
    return edgeBits !== null && WEIGHTS.has(edgeBits) ? (GRAPHS_PER_SOLUTION * difficulty) / weight : null;
  }
}
