/**
 * Bitcoin's `getblocktemplate` and `submitblock` (BIP 22, BIP 23; docs/protocols.md 3.2), at a node or at a pool that
 * offers it. Who polls templates may be a solo miner or the back end of a pool, so polling alone is a request and
 * nothing more, unless the client's header fields or agent are a miner's; submitting a block is a share whose work is
 * the network difficulty. Other calls to a node are foreign.
 */
import type { Fact } from '../evidence/fact.ts';
import { hashesFromCompact } from '../evidence/target.ts';
import type { Call, Message, Reply } from '../framing/message.ts';
import type { Dialect, Recognition } from './dialect.ts';
import { hasMiningFields } from './getwork.ts';
import { isByMiner, loginFact, refusal, Shares } from './opening.ts';
import { basicUser, headerOf, isHex, listOf, objectOf, textOf } from './shape.ts';

export const getblocktemplate: Dialect = {
  id: 'getblocktemplate',
  title: 'getblocktemplate over HTTP',
  reference: 'BIP 22, BIP 23, docs/protocols.md 3.2',
  serves: 'Bitcoin and its forks, solo or at a pool',
  framing: 'http',
  perRequest: true,
  recognise,
  reader: () => new GetblocktemplateSession(),
};

/**
 * Templates for fewer hashes than this are of a chain of one's own for tests (regtest, 207fffff: 2 hashes): blocks are
 * submitted there, and nobody mines. The easiest chains that are mined want 2^16.
 */
const LEAST_HASHES = 2 ** 8;

interface Template {
  /** Hash of the previous block, as displayed. */
  readonly previous: string;
  readonly height: number;
  /** Expected hashes of a block; null if the compact target is malformed. */
  readonly hashes: number | null;
}

function recognise(message: Message): Recognition {
  if (message.kind === 'reply') {
    if (message.call?.http === undefined || recognise(message.call) === 'foreign') return 'foreign';
    return 'possible';
  }
  if (message.kind !== 'call' || message.http === undefined) return 'foreign';
  if (isTemplateCall(message)) return hasMiningFields(message) ? 'certain' : 'possible';
  return blockOf(message) !== null ? 'certain' : 'foreign';
}

/** `[]`, or one object of capabilities, rules and the like. */
function isTemplateCall(call: Call): boolean {
  if (call.method !== 'getblocktemplate') return false;
  const list = listOf(call.params ?? []);
  return list?.length === 0 || (list?.length === 1 && objectOf(list[0]) !== null);
}

/** The block that is submitted: a header of 80 bytes and at least one transaction. Monero's path is not ours. */
function blockOf(call: Call): string | null {
  const [block] = listOf(call.params) ?? [];
  const isOurs = call.method === 'submitblock' && call.http?.target !== '/json_rpc';
  return isOurs && isHex(block, 2 * 141, 8_000_000) ? block : null;
}

function templateOf(reply: Reply): Template | null {
  const result = objectOf(reply.result);
  if (!isHex(result?.previousblockhash, 64) || !isHex(result.bits, 8)) return null;
  const { height } = result;
  if (typeof height !== 'number' || !Number.isSafeInteger(height)) return null;
  return { previous: result.previousblockhash.toLowerCase(), height, hashes: hashesFromCompact(result.bits) };
}

class GetblocktemplateSession {
  private readonly shares = new Shares();
  /** Header fields or agent are a miner's. */
  private isSoftware = false;
  /** They are, or a block was submitted. */
  private isMiner = false;
  private isAdmitted = false;
  private login = '';
  private hasLogin = false;
  private agent = '';
  private lastJob = '';
  private lastHashes: number | null = null;

  *read(message: Message): Iterable<Fact> {
    if (message.kind === 'call' && message.http !== undefined) yield* this.readCall(message);
    else if (message.kind === 'reply' && message.call?.http !== undefined) {
      yield* this.readReply(message, message.call);
    }
  }

  private *readCall(call: Call): Iterable<Fact> {
    if (isTemplateCall(call)) {
      yield* this.named(call);
      yield { kind: 'request', method: call.method };
      return;
    }
    const block = blockOf(call);
    if (block === null) return;
    this.isMiner = true;
    yield* this.named(call);
    // Header: version 4 bytes, previous hash 32, merkle root 32, time 4, bits 4, nonce 4.
    yield this.shares.take(call, {
      jobId: reversedBytes(block.slice(8, 72)),
      account: null,
      worker: null,
      nonce: block.slice(152, 160),
    });
  }

  private *readReply(reply: Reply, call: Call): Iterable<Fact> {
    const template = isTemplateCall(call) ? templateOf(reply) : null;
    if (template !== null) yield* this.template(template);
    else if (isTemplateCall(call)) yield* refusal(reply);
    else yield* this.answer(reply);
  }

  private *template(template: Template): Iterable<Fact> {
    const { hashes } = template;
    if (hashes !== null && hashes < LEAST_HASHES && !this.isSoftware) return;
    if (hashes !== null && hashes !== this.lastHashes) {
      this.lastHashes = hashes;
      yield { kind: 'difficulty', difficulty: { scale: 'hashes', value: hashes } };
    }
    const key = `${template.previous} ${template.height}`;
    if (!this.isMiner || key === this.lastJob) return;
    yield* this.consent();
    this.lastJob = key;
    yield { kind: 'job', jobId: template.previous, difficulty: null, previous: template.previous };
  }

  /** A template, or the word on a block, for a request with credentials is the consent to them; there is no other. */
  private *consent(): Iterable<Fact> {
    if (!this.hasLogin || this.isAdmitted) return;
    this.isAdmitted = true;
    yield { kind: 'admission', admitted: true, reason: '' };
  }

  /** Null is consent here, and a string the reason for refusal (BIP 22). */
  private *answer(reply: Reply): Iterable<Fact> {
    const reason = textOf(reply.result);
    const isConsent = reply.result === null && (reply.error === null || reply.error === undefined);
    if (isConsent || reason !== null) yield* this.consent();
    yield* isConsent
      ? this.shares.answer({ ...reply, result: true })
      : this.shares.answer(
          reason === null ? reply : { ...reply, result: null },
          reason === null ? reply.error : { message: reason },
        );
  }

  private *named(call: Call): Iterable<Fact> {
    const agent = textOf(headerOf(call, 'user-agent')) ?? '';
    this.isSoftware ||= hasMiningFields(call) || isByMiner(call);
    this.isMiner ||= this.isSoftware;
    if (!this.isMiner) return;
    const login = loginFact(basicUser(call));
    const key = JSON.stringify(login);
    if (login !== null && key !== this.login) yield login;
    this.login = key;
    this.hasLogin ||= login !== null;
    if (agent !== '' && agent !== this.agent) yield { kind: 'agent', agent };
    this.agent = agent;
  }
}

function reversedBytes(digits: string): string {
  return Buffer.from(digits, 'hex').reverse().toString('hex');
}
