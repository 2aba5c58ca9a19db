/**
 * Solo mining at a Monero node's RPC over HTTP, as XMRig's `--daemon` does it (docs/protocols.md 3.3): poll the height,
 * ask for a template to one's own wallet, submit whole blocks. Each request comes on a connection of its own. A block
 * is a share whose work is the template's difficulty. A pool's back end asks for templates as well, with
 * `reserve_size`; wallets ask for the height: neither is certain. Left out: the node's own miner (`start_mining`).
 */
import { readMoneroBlob } from '../evidence/coin-chain.ts';
import type { Fact } from '../evidence/fact.ts';
import type { Call, Message, Reply } from '../framing/message.ts';
import { blobIdentity, blobPrevious } from './cryptonote-blob.ts';
import type { Dialect, Recognition } from './dialect.ts';
import { isByMiner, Jobs, loginFact, refusal, Shares } from './opening.ts';
import { headerOf, isHex, listOf, objectOf, positiveNumber, textOf } from './shape.ts';

export const moneroDaemon: Dialect = {
  id: 'monero-daemon',
  title: 'Monero node RPC (solo)',
  reference: 'Monero daemon RPC, XMRig DaemonClient, docs/protocols.md 3.3',
  serves: 'Monero and its forks, without a pool',
  framing: 'http',
  perRequest: true,
  polls: ['/getheight', '/getinfo', '/get_height', '/get_info'],
  recognise,
  reader: () => new MoneroDaemonSession(),
};

interface Template {
  readonly blob: string;
  readonly difficulty: number;
  readonly height: number | null;
  readonly hasSeed: boolean;
}

function recognise(message: Message): Recognition {
  const { http } = message;
  if (http === undefined) return 'foreign';
  if (message.kind === 'call') {
    if (isTemplateCall(message)) {
      return textOf(objectOf(message.params)?.extra_nonce) !== null || isByMiner(message)
        ? 'certain'
        : 'possible';
    }
    if (blockOf(message) === null) return 'foreign';
    return headerOf(message, 'x-hash-difficulty') !== '' || isByMiner(message) ? 'certain' : 'possible';
  }
  if (message.kind === 'reply') {
    if (templateOf(message) !== null) return 'possible';
    return message.call !== undefined && recognise(message.call) !== 'foreign' ? 'possible' : 'foreign';
  }
  return message.kind === 'visit' && isPoll(message) ? 'possible' : 'foreign';
}

/** `getblocktemplate` for a wallet; Bitcoin's method of that name has no such parameter. */
function isTemplateCall(call: Call): boolean {
  return (
    (call.method === 'getblocktemplate' || call.method === 'get_block_template') &&
    textOf(objectOf(call.params)?.wallet_address) !== null
  );
}

/** The block of a `submitblock` at Monero's path, or null. */
function blockOf(call: Call): string | null {
  if (call.method !== 'submitblock' && call.method !== 'submit_block') return null;
  const [block] = listOf(call.params) ?? [];
  const isHere = call.http?.target === '/json_rpc' || headerOf(call, 'x-hash-difficulty') !== '';
  return isHere && isHex(block, 86, 1_000_000) ? block : null;
}

/** A look at the height by mining software. Wallets look as well, so the agent must say what it is. */
function isPoll(message: Message): boolean {
  const { method, target, status } = message.http ?? {};
  return (
    method === 'GET' &&
    status === 0 &&
    /^\/(getheight|getinfo|get_height|get_info)$/.test(target ?? '') &&
    isByMiner(message)
  );
}

function templateOf(reply: Reply): Template | null {
  const result = objectOf(reply.result);
  const blob = result?.blocktemplate_blob;
  if (!isHex(blob, 86, 1_000_000)) return null;
  const wide = result?.wide_difficulty;
  // The plain number stops at 64 bits, so the hex one goes first.
  const isWide = typeof wide === 'string' && /^0x[0-9a-f]{1,32}$/i.test(wide);
  const difficulty = positiveNumber(isWide ? Number(BigInt(wide)) : result?.difficulty);
  if (difficulty === null) return null;
  const height =
    typeof result?.height === 'number' && Number.isSafeInteger(result.height) ? result.height : null;
  return { blob, difficulty, height, hasSeed: isHex(result?.seed_hash, 64) };
}

class MoneroDaemonSession {
  private readonly shares = new Shares();
  private readonly jobs = new Jobs();
  private isAdmitted = false;
  private agent = '';
  private algorithm = '';

  *read(message: Message): Iterable<Fact> {
    if (message.http === undefined) return;
    if (message.kind === 'call') yield* this.readCall(message);
    else if (message.kind === 'reply') yield* this.readReply(message);
    else if (message.kind === 'visit' && isPoll(message)) {
      yield* this.named(message);
      yield { kind: 'request', method: message.http.target.slice(1) };
    }
  }

  private *readCall(call: Call): Iterable<Fact> {
    if (isTemplateCall(call)) {
      // A Monero wallet is the whole name: solo miners have no workers.
      const login = loginFact(objectOf(call.params)?.wallet_address);
      if (login !== null) yield login;
      yield* this.named(call);
      yield { kind: 'request', method: call.method };
      return;
    }
    const block = blockOf(call);
    if (block === null) return;
    yield* this.named(call);
    const identity = blobIdentity(block);
    yield this.shares.take(call, {
      jobId: identity?.template ?? null,
      account: null,
      worker: null,
      nonce: identity?.nonce ?? null,
    });
  }

  private *readReply(reply: Reply): Iterable<Fact> {
    const template = templateOf(reply);
    if (template !== null) {
      const block = readMoneroBlob(template.blob, template.height);
      // A seed hash is RandomX's; on a chain that is not Monero's it may be a variant.
      const algorithm = block?.algorithm ?? (template.hasSeed ? 'rx/0' : null);
      if (algorithm !== null && algorithm !== this.algorithm) {
        this.algorithm = algorithm;
        yield { kind: 'algorithm', algorithm, source: 'job', detail: 'the block template', side: 'pool' };
        if (block?.basis === 'height') yield { kind: 'coin', coin: 'XMR', source: 'job', side: 'pool' };
      }
      // A template for a wallet is the consent; there is no other.
      if (!this.isAdmitted && reply.call !== undefined && isTemplateCall(reply.call)) {
        this.isAdmitted = true;
        yield { kind: 'admission', admitted: true, reason: '' };
      }
      const previous = blobPrevious(template.blob);
      yield* this.jobs.take(
        blobIdentity(template.blob)?.template ?? '',
        template.difficulty,
        previous === null ? {} : { previous },
      );
    } else if (reply.call !== undefined && isTemplateCall(reply.call)) yield* refusal(reply);
    else yield* this.shares.answer(reply);
  }

  private *named(message: Message): Iterable<Fact> {
    const agent = textOf(headerOf(message, 'user-agent'));
    if (agent === null || agent === this.agent) return;
    this.agent = agent;
    yield { kind: 'agent', agent };
  }
}
