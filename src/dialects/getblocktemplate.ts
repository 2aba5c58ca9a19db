/**
 * Bitcoin's `getblocktemplate` and `submitblock` (BIP 22, BIP 23; docs/protocols.md 3.2), at a node or at a pool that
 * offers it. Who polls templates may be a solo miner or the back end of a pool, so polling alone is a request and
 * nothing more, unless the client's header fields or agent are a miner's; submitting a block is a share whose work is
 * the network difficulty. Other calls to a node are foreign.
 */
import { hashesFromCompact } from '../evidence/target.ts';
import type { Call, Message, Reply } from '../framing/message.ts';
import type { Dialect, Recognition } from './dialect.ts';
import { hasMiningFields } from './getwork.ts';
import { isByMiner } from './opening.ts';
import { basicUser, headerOf, isHex, listOf, objectOf, textOf } from './shape.ts';
import type { Sink } from './sink.ts';

export const getblocktemplate: Dialect = {
  id: 'getblocktemplate',
  title: 'getblocktemplate over HTTP',
  reference: 'BIP 22, BIP 23, docs/protocols.md 3.2',
  serves: 'Bitcoin and its forks, solo or at a pool',
  framing: 'http',
  perRequest: true,
  methods: ['getblocktemplate', 'submitblock'],
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
  /** Header fields or agent are a miner's. */
  private isSoftware = false;
  /** They are, or a block was submitted. */
  private isMiner = false;
  private isAdmitted = false;
  private login: string | null = null;
  private hasLogin = false;
  private agent = '';
  private lastJob = '';
  private lastHashes: number | null = null;

  read(message: Message, session: Sink): void {
    if (message.kind === 'call' && message.http !== undefined) this.readCall(message, session);
    else if (message.kind === 'reply' && message.call?.http !== undefined) {
      this.readReply(message, message.call, session);
    }
  }

  private readCall(call: Call, session: Sink): void {
    if (isTemplateCall(call)) {
      this.named(call, session);
      session.request(call.method);
      return;
    }
    const block = blockOf(call);
    if (block === null) return;
    this.isMiner = true;
    this.named(call, session);
    // Header: version 4 bytes, previous hash 32, merkle root 32, time 4, bits 4, nonce 4.
    session.share(call, {
      jobId: reversedBytes(block.slice(8, 72)),
      account: null,
      worker: null,
      nonce: block.slice(152, 160),
    });
  }

  private readReply(reply: Reply, call: Call, session: Sink): void {
    const template = isTemplateCall(call) ? templateOf(reply) : null;
    if (template !== null) this.template(template, session);
    else if (isTemplateCall(call)) session.refusal(reply);
    else this.answer(reply, session);
  }

  private template(template: Template, session: Sink): void {
    const { hashes } = template;
    if (hashes !== null && hashes < LEAST_HASHES && !this.isSoftware) return;
    if (hashes !== null && hashes !== this.lastHashes) {
      this.lastHashes = hashes;
      session.difficulty(hashes);
    }
    const key = `${template.previous} ${template.height}`;
    if (!this.isMiner || key === this.lastJob) return;
    this.consent(session);
    this.lastJob = key;
    session.newJob(template.previous, null, { previous: template.previous });
  }

  /** A template, or the word on a block, for a request with credentials is the consent to them; there is no other. */
  private consent(session: Sink): void {
    if (!this.hasLogin || this.isAdmitted) return;
    this.isAdmitted = true;
    session.admit();
  }

  /** Null is consent here, and a string the reason for refusal (BIP 22). */
  private answer(reply: Reply, session: Sink): void {
    const reason = textOf(reply.result);
    const isConsent = reply.result === null && (reply.error === null || reply.error === undefined);
    if (isConsent || reason !== null) this.consent(session);
    if (isConsent) session.answer(reply, undefined, true);
    else if (reason === null) session.answer(reply, reply.error);
    else session.answer(reply, { message: reason }, null);
  }

  private named(call: Call, session: Sink): void {
    const agent = textOf(headerOf(call, 'user-agent')) ?? '';
    this.isSoftware ||= hasMiningFields(call) || isByMiner(call);
    this.isMiner ||= this.isSoftware;
    if (!this.isMiner) return;
    const user = basicUser(call);
    if (user !== this.login) this.hasLogin = session.signIn(user) !== null || this.hasLogin;
    this.login = user;
    if (agent !== '' && agent !== this.agent) session.agent(agent);
    this.agent = agent;
  }
}

function reversedBytes(digits: string): string {
  return Buffer.from(digits, 'hex').reverse().toString('hex');
}
