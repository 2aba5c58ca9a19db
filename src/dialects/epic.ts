/**
 * Epic Cash's Stratum: Grin's envelope with three algorithms (EpicCash/epic-miner, types.rs and client.rs). A job names
 * one of them and lists the difficulties of all as pairs; a share wraps its proof in the algorithm's name. Cuckoo's
 * difficulty is scaled by the size of a graph that the job does not tell, so its shares are counted and not priced.
 */
import type { Call, JsonObject, Message, Reply } from '../framing/message.ts';
import type { Dialect, Recognition } from './dialect.ts';
import { PlainReader } from './plain.ts';
import { isHex, isPlain, jobIdOf, listOf, objectOf, textOf } from './shape.ts';
import type { Sink } from './sink.ts';

const ALGORITHMS: ReadonlyMap<string, string> = new Map([
  ['progpow', 'progpow'],
  ['randomx', 'rx/epic'],
  ['cuckoo', 'cuckatoo31'],
]);

export const epic: Dialect = {
  id: 'epic',
  title: 'Epic Cash Stratum',
  reference: 'EpicCash/epic-miner src/bin/types.rs, core/src/types.rs, client.rs',
  checked: '2026-11',
  unpriced: 'Cuckoo shares alone: the job does not tell the size of the graph',
  serves: 'Epic Cash',
  framing: 'json-lines',
  methods: ['login', 'job', 'submit', 'getjobtemplate', '#reply'],
  recognise,
  reader: () => new EpicSession(),
};

interface EpicJob {
  readonly jobId: string;
  readonly algorithm: string;
  readonly hashes: number | null;
}

function recognise(message: Message): Recognition {
  if (!isPlain(message)) return 'foreign';
  if (message.kind === 'reply') {
    if (jobOf(objectOf(message.result)) !== null) return 'certain';
    return message.body.method === 'login' && message.result === 'ok' ? 'possible' : 'foreign';
  }
  if (message.kind !== 'call') return 'foreign';
  const params = objectOf(message.params);
  if (message.method === 'job') return jobOf(params) !== null ? 'certain' : 'foreign';
  if (message.method === 'submit') return shareOf(params) !== null ? 'certain' : 'foreign';
  const isOwn = message.method === 'getjobtemplate' && ALGORITHMS.has(nameOf(params?.algorithm));
  return isOwn ? 'certain' : 'foreign';
}

function nameOf(value: unknown): string {
  return textOf(value)?.toLowerCase() ?? '';
}

function jobOf(job: JsonObject | null): EpicJob | null {
  const jobId = jobIdOf(job?.job_id);
  const difficulties = listOf(job?.difficulty);
  if (job === null || jobId === null || difficulties === null || difficulties.length > 16) return null;
  const name = nameOf(job.algorithm);
  const algorithm = ALGORITHMS.get(name);
  if (algorithm === undefined || !isHex(job.pre_pow, 200, 4000) || !isCount(job.height)) return null;
  const own = difficulties.map(listOf).find((pair) => nameOf(pair?.[0]) === name)?.[1];
  if (!isCount(own)) return null;
  // Jobs are numbered anew at each height.
  return { jobId: `${job.height}/${jobId}`, algorithm, hashes: name === 'cuckoo' ? null : own };
}

/** `{"ProgPow": [32 bytes]}`, `{"RandomX": [32 bytes]}`, or a cycle under Cuckoo's names, alone or behind the size of the graph. */
function shareOf(params: JsonObject | null): { jobId: string; nonce: string | null } | null {
  const jobId = jobIdOf(params?.job_id);
  const proofs = Object.entries(objectOf(params?.pow) ?? {});
  if (params === null || jobId === null || !isCount(params.height) || proofs.length !== 1) return null;
  const [[name, proof]] = proofs;
  const list = listOf(proof) ?? listOf(objectOf(proof)?.nonces);
  const parts = list?.length === 2 && isCount(list[0]) ? (listOf(list[1]) ?? list) : list;
  const isProof =
    /^(ProgPow|RandomX|Cuckoo|Cuckatoo|Cuckaroo)$/i.test(name) && parts?.every(isCount) === true;
  const { nonce } = params;
  if (!isProof || typeof nonce !== 'number') return null;
  // Beyond 2^53 its last digits are not those sent.
  return {
    jobId: `${params.height}/${jobId}`,
    nonce: Number.isSafeInteger(nonce) ? nonce.toString(16) : null,
  };
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}

class EpicSession extends PlainReader {
  private algorithm = '';

  protected readCall(call: Call, session: Sink): void {
    const { method } = call;
    const params = objectOf(call.params);
    switch (method) {
      case 'login':
        session.authorize(method, params?.login);
        session.agent(params?.agent);
        return;
      case 'job':
        this.job(params, session);
        return;
      case 'submit': {
        const share = shareOf(params);
        if (share === null && !(call.cut && call.params === undefined)) return;
        const { jobId = null, nonce = null } = share ?? {};
        session.share(call, { jobId, nonce });
        return;
      }
      case 'getjobtemplate':
      case 'keepalive':
      case 'status':
        session.request(method);
    }
  }

  private job(params: JsonObject | null, session: Sink): void {
    const job = jobOf(params);
    if (job === null) return;
    if (this.algorithm === '') session.coin('EPIC', 'dialect', 'pool');
    if (job.algorithm !== this.algorithm) {
      this.algorithm = job.algorithm;
      const detail = 'algorithm of the job';
      session.algorithm(job.algorithm, 'job', detail, 'pool');
    }
    session.job(job.jobId, job.hashes);
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
