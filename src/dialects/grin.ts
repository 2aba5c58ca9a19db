/**
 * The Stratum of Grin and its relatives of the Cuckoo family (docs/protocols.md 1.17): `login` answered with "ok", jobs
 * with a header before its proof (`pre_pow`), and shares whose proof is a cycle of 42 edges. Work is counted in graphs:
 * one graph in 42 holds a cycle, and a share of difficulty d is one cycle in d/weight (5.3), never less than one. Left
 * out: the weight of 29-bit graphs, which changes with the chain, so that only difficulty 1 is priced there.
 */
import type { Call, JsonObject, Message, Reply } from '../framing/message.ts';
import type { Dialect, Recognition } from './dialect.ts';
import { PlainReader } from './plain.ts';
import { isHex, isPlain, jobIdOf, listOf, objectOf } from './shape.ts';
import type { Sink } from './sink.ts';

const CYCLE = 42;
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

export const grin: Dialect = {
  id: 'grin',
  title: 'Grin Stratum',
  reference: 'grin doc/stratum, NiceHash Grin, docs/protocols.md 1.17',
  serves: 'Grin, MWC and other coins of the Cuckoo family',
  framing: 'json-lines',
  methods: ['login', 'job', 'submit', 'getjobtemplate', '#reply'],
  recognise,
  reader: () => new GrinSession(),
};

function recognise(message: Message): Recognition {
  if (!isPlain(message)) return 'foreign';
  if (message.kind === 'reply') {
    if (jobOf(objectOf(message.result)) !== null) return 'certain';
    // Answers carry the method again.
    return message.body.method === 'login' && message.result === 'ok' ? 'possible' : 'foreign';
  }
  if (message.kind !== 'call') return 'foreign';
  const { method, params } = message;
  if (method === 'job') return jobOf(objectOf(params)) !== null ? 'certain' : 'foreign';
  if (method === 'submit') return shareOf(objectOf(params)) !== null ? 'certain' : 'foreign';
  return method === 'getjobtemplate' && (params === null || params === undefined) ? 'possible' : 'foreign';
}

interface GrinJob {
  readonly jobId: string;
  readonly difficulty: number;
}

function jobOf(job: JsonObject | null): GrinJob | null {
  const jobId = jobIdOf(job?.job_id);
  if (job === null || jobId === null || !isHex(job.pre_pow, 200, 2000)) return null;
  const { difficulty, height } = job;
  if (!isCount(difficulty) || !isCount(height) || difficulty === 0) return null;
  // Jobs are numbered anew at each height.
  return { jobId: `${height}/${jobId}`, difficulty };
}

function shareOf(share: JsonObject | null): { jobId: string; edgeBits: number } | null {
  const jobId = jobIdOf(share?.job_id);
  if (share === null || jobId === null || !isCount(share.height) || typeof share.nonce !== 'number')
    return null;
  const edgeBits = share.edge_bits ?? 32;
  const cycle = listOf(share.pow);
  if (!isCount(edgeBits) || edgeBits > 64 || cycle?.length !== CYCLE) return null;
  const ascends = cycle.every((edge, at) => isCount(edge) && (at === 0 || edge > Number(cycle[at - 1])));
  return ascends ? { jobId: `${share.height}/${jobId}`, edgeBits } : null;
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}

class GrinSession extends PlainReader {
  private edgeBits: number | null = null;
  private hasJob = false;

  protected readCall(call: Call, session: Sink): void {
    const { method } = call;
    const params = objectOf(call.params);
    switch (method) {
      case 'login': {
        session.authorize(method, params?.login);
        session.agent(params?.agent);
        return;
      }
      case 'job':
        this.job(params, session);
        return;
      case 'submit':
        this.submit(call, params, session);
        return;
      case 'getjobtemplate':
      case 'keepalive':
      case 'status':
        session.request(method);
    }
  }

  private submit(call: Call, params: JsonObject | null, session: Sink): void {
    const share = shareOf(params);
    if (share === null && !(call.cut && call.params === undefined)) return;
    if (share !== null && share.edgeBits !== this.edgeBits) {
      this.edgeBits = share.edgeBits;
      const algorithm = ALGORITHMS.get(share.edgeBits) ?? `cuckoo${share.edgeBits}`;
      const detail = `edge_bits ${share.edgeBits} of the share`;
      session.algorithm(algorithm, 'job', detail, 'miner');
    }
    session.share(call, { jobId: share?.jobId ?? null });
  }

  private job(params: JsonObject | null, session: Sink): void {
    const job = jobOf(params);
    if (job === null) return;
    if (!this.hasJob) {
      this.hasJob = true;
      const detail = 'jobs with a header before its proof; the size of the graph is in the shares';
      session.algorithm('cuckatoo32', 'dialect', detail, 'pool');
    }
    session.job(job.jobId, this.graphsOf(job.difficulty));
  }

  /** Expected graphs of a share, or null if the size of the graph would have to be known. */
  private graphsOf(difficulty: number): number | null {
    const { edgeBits } = this;
    const weight = edgeBits === null ? SMALLEST_WEIGHT : (WEIGHTS.get(edgeBits) ?? 1);
    if (difficulty <= weight) return GRAPHS_PER_SOLUTION;
    return edgeBits !== null && WEIGHTS.has(edgeBits) ? (GRAPHS_PER_SOLUTION * difficulty) / weight : null;
  }

  protected readReply(reply: Reply, session: Sink): void {
    const given = reply.body.method;
    const method = reply.call?.method ?? (typeof given === 'string' ? given : '');
    if (jobOf(objectOf(reply.result)) !== null) this.job(objectOf(reply.result), session);
    else if (method === 'login') session.admission(reply);
    else if (method === 'submit') session.answer(reply);
    else if (method === 'keepalive' || method === 'status') session.service(method);
  }
}
