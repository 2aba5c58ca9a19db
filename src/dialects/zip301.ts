/**
 * ZIP 301, Stratum for Equihash (docs/protocols.md 1.12): jobs of eight parts (ten with algorithm and personalisation),
 * `mining.set_target` in place of a difficulty, and submits that carry the whole solution. Work is counted in
 * solutions; the length of a solution tells the parameters. Verus speaks it too, with a ninth part of the job, the
 * template of what takes the solution's place; its work is counted in hashes.
 */
import { canonicalAlgorithm } from '../evidence/algorithm.ts';
import { hashesFromTarget256 } from '../evidence/target.ts';
import type { Call, Reply } from '../framing/message.ts';
import type { Dialect, Recognition } from './dialect.ts';
import { PlainReader, recogniser } from './plain.ts';
import { isHex, jobIdOf, listOf, portOf, stringsOf, textOf } from './shape.ts';
import type { Sink } from './sink.ts';

/**
 * Solutions in hex with their compactSize length in front: 2^k numbers of n/(k+1)+1 bits, so 1344 bytes for 200,9,
 * 400 for 192,7, 100 for 144,5 and 52 for 125,4.
 */
const SOLUTIONS: readonly { readonly digits: number; readonly prefix: string; readonly algorithm: string }[] =
  [
    { digits: 2694, prefix: 'fd4005', algorithm: 'equihash' },
    { digits: 806, prefix: 'fd9001', algorithm: 'equihash192_7' },
    { digits: 202, prefix: '64', algorithm: 'equihash144_5' },
    { digits: 106, prefix: '34', algorithm: 'equihash125_4' },
  ];

export const zip301: Dialect = {
  id: 'zip301',
  title: 'ZIP 301 (Equihash Stratum)',
  reference: 'ZIP 301, docs/protocols.md 1.12',
  serves: 'Zcash, Flux, Bitcoin Gold, Komodo and other Equihash coins; Verus',
  framing: 'json-lines',
  methods: [
    'mining.subscribe',
    'mining.authorize',
    'mining.notify',
    'mining.submit',
    'mining.set_target',
    'mining.suggest_target',
    'mining.extranonce.subscribe',
    'client.reconnect',
  ],
  recognise: recogniser(recogniseCall),
  reader: () => new Zip301Session(),
};

function recogniseCall({ method, params }: Call): Recognition {
  const list = listOf(params);
  switch (method) {
    case 'mining.notify':
      return isJob(params) ? 'certain' : 'foreign';
    case 'mining.submit':
      return shareOf(params) !== null ? 'certain' : 'foreign';
    case 'mining.set_target':
    case 'mining.suggest_target':
      return list?.length === 1 && isHex(list[0], 64) ? 'possible' : 'foreign';
    case 'mining.subscribe':
      return list?.length === 4 && typeof list[2] === 'string' && portOf(list[3]) !== 0
        ? 'possible'
        : 'foreign';
    case 'mining.authorize':
      return stringsOf(params, 1, 2) !== null ? 'possible' : 'foreign';
    case 'mining.extranonce.subscribe':
    case 'client.reconnect':
      return list !== null ? 'possible' : 'foreign';
    default:
      return 'foreign';
  }
}

/** What Verus has for a solution begins with its version and flags, 32 bits with the least significant byte first. */
const VERUS_VERSION = /^0[1-9a-f]000[01]00/i;

function isVerusTemplate(part: unknown): boolean {
  return isHex(part, 8, 2688) && VERUS_VERSION.test(part);
}

/**
 * Job, version, previous hash, merkle root, reserved hash, time, bits, clean; then perhaps algorithm and person, or
 * Verus’s template.
 */
function isJob(params: unknown): params is readonly unknown[] {
  const list = listOf(params);
  return (
    list !== null &&
    (list.length === 8 ||
      (list.length === 9 && isVerusTemplate(list[8])) ||
      (list.length === 10 && stringsOf(list.slice(8), 2, 2) !== null)) &&
    jobIdOf(list[0]) !== null &&
    isHex(list[1], 8) &&
    isHex(list[2], 64) &&
    isHex(list[3], 64) &&
    isHex(list[4], 64) &&
    isHex(list[5], 8) &&
    isHex(list[6], 8) &&
    typeof list[7] === 'boolean'
  );
}

interface EquihashShare {
  readonly user: string;
  readonly jobId: string;
  readonly nonce: string;
  readonly algorithm: string;
}

/** Worker, job, time, the miner's part of the 32-byte nonce, solution. */
function shareOf(params: unknown): EquihashShare | null {
  const list = stringsOf(params, 5, 5);
  if (list === null || !isHex(list[2], 8) || !isHex(list[3], 2, 64)) return null;
  const [user, jobId, , nonce, solution] = list;
  const form = SOLUTIONS.find(
    ({ digits, prefix }) => solution.length === digits && solution.toLowerCase().startsWith(prefix),
  );
  if (form === undefined || !isHex(solution, form.digits)) return null;
  const isVerus = form.algorithm === 'equihash' && VERUS_VERSION.test(solution.slice(form.prefix.length));
  return { user, jobId, nonce, algorithm: isVerus ? 'verushash' : form.algorithm };
}

class Zip301Session extends PlainReader {
  /** Source and name said last. */
  private algorithm = '';

  protected readCall(call: Call, session: Sink): void {
    const { method, params } = call;
    const list = listOf(params) ?? [];
    switch (method) {
      case 'mining.subscribe': {
        session.request(method);
        session.agent(list[0]);
        const host = textOf(list[2]);
        if (host !== null) session.target(host, portOf(list[3]));
        return;
      }
      case 'mining.extranonce.subscribe':
      case 'mining.suggest_target':
        session.request(method);
        return;
      case 'mining.authorize':
        session.authorize(method, list[0]);
        return;
      case 'mining.set_target': {
        const value = isHex(list[0], 64) ? hashesFromTarget256(list[0]) : null;
        if (value !== null) session.difficulty(value);
        return;
      }
      case 'mining.set_extranonce':
        session.service(method);
        return;
      case 'mining.notify':
        if (isJob(params)) this.notify(params, session);
        return;
      case 'mining.submit':
        this.submit(call, session);
        return;
      case 'client.reconnect':
        session.reconnect(textOf(list[0]) ?? '', portOf(list[1]));
    }
  }

  private notify(params: readonly unknown[], session: Sink): void {
    // "144_5": the pool says the parameters itself.
    const named = /^(\d{2,3})_(\d{1,2})$/.exec(String(params[8] ?? ''));
    if (named !== null) {
      this.name(
        canonicalAlgorithm(named[0]) ?? `equihash${named[0]}`,
        'job',
        'parameters in mining.notify',
        'pool',
        session,
      );
    } else if (params.length === 9) {
      this.name('verushash', 'job', 'template of Verus in mining.notify', 'pool', session);
    } else if (this.algorithm === '') {
      this.name('equihash', 'family', 'jobs of ZIP 301', 'pool', session);
    }
    session.job(jobIdOf(params[0]) ?? '', null, { previous: String(params[2]) });
  }

  private submit(call: Call, session: Sink): void {
    const share = shareOf(call.params);
    if (share === null) {
      if (call.params !== undefined || !call.cut) return;
      session.share(call, { jobId: null });
      return;
    }
    const detail =
      share.algorithm === 'verushash' ? 'version of Verus in the share' : 'length of the solution';
    // The job has said so already.
    const isNamed = this.algorithm === 'job verushash' && share.algorithm === 'equihash';
    if (!isNamed) this.name(share.algorithm, 'job', detail, 'miner', session);
    session.share(call, { jobId: share.jobId, user: share.user, nonce: share.nonce });
  }

  private name(
    algorithm: string,
    source: 'job' | 'family',
    detail: string,
    side: 'miner' | 'pool',
    session: Sink,
  ): void {
    const key = `${source} ${algorithm}`;
    if (key === this.algorithm) return;
    this.algorithm = key;
    session.algorithm(algorithm, source, detail, side);
  }

  protected readReply(reply: Reply, session: Sink): void {
    const method = reply.call?.method ?? '';
    if (method === 'mining.submit') session.answer(reply);
    else if (method === 'mining.authorize') session.admission(reply);
    else if (method === 'mining.subscribe') {
      if (listOf(reply.result) !== null) session.service(method);
      else session.refusal(reply);
    }
  }
}
