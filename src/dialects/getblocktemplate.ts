/**
 * Bitcoin's `getblocktemplate` and `submitblock` (BIP 22, BIP 23; docs/reference/protocols.md 3.2), at a node or at a pool that
 * offers it. Who polls templates may be a solo miner or the back end of a pool, so polling alone is a request and
 * nothing more, unless the client's header fields or agent are a miner's; submitting a block is a share whose work is
 * the network difficulty. Other calls to a node are foreign.
 */
import { hashesFromCompact } from '../evidence/target.ts';
import type { Call, Reply } from '../framing/message.ts';
import { form, type Parts } from './form.ts';
import { hasMiningFields } from './getwork.ts';
import { grammar } from './grammar.ts';
import { isByMiner } from './opening.ts';
import { basicUser, isCount, isHex, isOverHttp, listOf, objectOf, textOf } from './shape.ts';
import type { Sink } from './sink.ts';

/** Header, mix and nonce. */
const foundOf = form('jobId=[0x]hex64 [0x]hex64 nonce=[0x]hex16');

export const getblocktemplate = grammar({
  id: 'getblocktemplate',
  title: 'getblocktemplate over HTTP',
  reference: 'BIP 22, BIP 23, docs/reference/protocols.md 3.2',
  serves: 'Bitcoin and its forks, solo or at a pool',
  framing: 'http',
  perRequest: true,
  own: () => new GetblocktemplateSession(),
  takes: isOverHttp,
  isStrict: 'calls',
  // Of the server's end alone: a block that is told has no value for its coinbase.
  ofReply: ({ call, result }) =>
    call === undefined && templateOf(result) !== null && isCount(objectOf(result)?.coinbasevalue)
      ? 'possible'
      : 'foreign',
  otherwise: (reply, session, own) => own.lone(templateOf(reply.result), session),
  rows: {
    getblocktemplate: {
      certain: (params, call) => asksTemplate(params) && hasMiningFields(call),
      possible: asksTemplate,
      read: (call, session, own) => {
        own.named(call, session);
        session.request(call.method);
      },
      reply: (reply, session, own) => {
        const template = asksTemplate(reply.call?.params) ? templateOf(reply.result) : null;
        if (template !== null) own.template(template, session);
        else session.refusal(reply);
      },
    },
    // Ravencoin and its heirs: the header that the template names, the mix and the nonce.
    pprpcsb: {
      certain: foundOf,
      read: (call, session, own) => own.submitFound(call, session),
      reply: (reply, session, own) => own.answer(reply, session),
    },
    submitblock: {
      certain: blockOf,
      read: (call, session, own) => own.submit(call, session),
      reply: (reply, session, own) => own.answer(reply, session),
    },
  },
});

/**
 * Templates for fewer hashes than this are of a chain of one's own for tests (regtest, 207fffff: 2 hashes): blocks are
 * submitted there, and nobody mines. The easiest chains that are mined want 2^16.
 */
const LEAST_HASHES = 2 ** 8;

/** `[]`, or one object of capabilities, rules and the like. */
function asksTemplate(params: unknown): boolean {
  const [asked, ...rest] = listOf(params ?? []) ?? [null];
  return (asked === undefined || objectOf(asked) !== null) && rest.length === 0;
}

/** The block that is submitted: a header of 80 bytes and at least one transaction. Monero's path is not ours. */
function blockOf(params: unknown, { http }: Call): string | null {
  const [block] = listOf(params) ?? [];
  return http?.target !== '/json_rpc' && isHex(block, 2 * 141, 8_000_000) ? block : null;
}

/** The hash of the previous block names the template, and the height tells the next one on it. */
const templateOf = form('previousblockhash:jobId=hex64 bits:hashes=compact height:previous=height', {
  // A target that is none leaves the difficulty as it was.
  compact: (value) => (isHex(value, 8) ? (hashesFromCompact(value) ?? '') : null),
  height: (value) => (Number.isSafeInteger(value) ? String(value) : null),
});

class GetblocktemplateSession {
  /** Header fields or agent are a miner's. */
  private isSoftware = false;
  /** They are, or a block was submitted. */
  private isMiner = false;
  private login: string | null = null;
  private lastJob = '';
  private lastPrevious = '';
  private lastHashes: number | null = null;

  submit(call: Call, session: Sink): void {
    const block = blockOf(call.params, call) ?? '';
    this.isMiner = true;
    this.named(call, session);
    // Header: version 4 bytes, previous hash 32, merkle root 32, time 4, bits 4, nonce 4.
    const previous = Buffer.from(block.slice(8, 72), 'hex').reverse().toString('hex');
    session.share(call, { jobId: previous, nonce: block.slice(152, 160) });
  }

  submitFound(call: Call, session: Sink): void {
    this.isMiner = true;
    this.named(call, session);
    const nonce = foundOf(call.params)?.nonce ?? null;
    session.share(call, { jobId: this.lastPrevious, nonce });
  }

  /** A template whose call was not captured. */
  lone(template: Parts | null, session: Sink): void {
    if (template === null || (template.hashes ?? 0) < LEAST_HASHES) return;
    this.isMiner = true;
    this.template(template, session);
  }

  template({ jobId, hashes, previous: height }: Parts, session: Sink): void {
    if (hashes !== null && hashes < LEAST_HASHES && !this.isSoftware) return;
    if (hashes !== null && hashes !== this.lastHashes) {
      this.lastHashes = hashes;
      session.difficulty(hashes);
    }
    const previous = jobId.toLowerCase();
    this.lastPrevious = previous;
    const key = `${previous} ${height}`;
    if (!this.isMiner || key === this.lastJob) return;
    session.consent();
    this.lastJob = key;
    session.newJob(previous, null, { previous });
  }

  /** Null is consent here, and a string the reason for refusal (BIP 22). */
  answer(reply: Reply, session: Sink): void {
    const reason = textOf(reply.result);
    const isConsent = reply.result === null && (reply.error === null || reply.error === undefined);
    if (isConsent || reason !== null) session.consent();
    if (isConsent) session.answer(reply, undefined, true);
    else if (reason === null) session.answer(reply, reply.error);
    else session.answer(reply, { message: reason }, null);
  }

  named(call: Call, session: Sink): void {
    this.isSoftware ||= hasMiningFields(call) || isByMiner(call);
    this.isMiner ||= this.isSoftware;
    if (!this.isMiner) return;
    const user = basicUser(call);
    if (user !== this.login) session.signIn(user);
    this.login = user;
    session.userAgent(call);
  }
}
