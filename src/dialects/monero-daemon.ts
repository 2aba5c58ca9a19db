/**
 * Solo mining at a Monero node's RPC over HTTP, as XMRig's `--daemon` does it (docs/protocols.md 3.3): poll the height,
 * ask for a template to one's own wallet, submit whole blocks. Each request comes on a connection of its own. A block
 * is a share whose work is the template's difficulty. A pool's back end asks for templates as well, with
 * `reserve_size`; wallets ask for the height: neither is certain. Left out: the node's own miner (`start_mining`).
 */
import { readMoneroBlob } from '../evidence/coin-chain.ts';
import type { Call, Message, Reply } from '../framing/message.ts';
import { blobIdentity, blobPrevious } from './cryptonote-blob.ts';
import type { Dialect, Recognition } from './dialect.ts';
import { isByMiner } from './opening.ts';
import { headerOf, isHex, listOf, objectOf, positiveNumber, textOf } from './shape.ts';
import type { Sink } from './sink.ts';

export const moneroDaemon: Dialect = {
  id: 'monero-daemon',
  title: 'Monero node RPC (solo)',
  reference: 'Monero daemon RPC, XMRig DaemonClient, docs/protocols.md 3.3',
  serves: 'Monero and its forks, without a pool',
  framing: 'http',
  perRequest: true,
  polls: ['/getheight', '/getinfo', '/get_height', '/get_info'],
  methods: ['getblocktemplate', 'get_block_template', 'submitblock', 'submit_block', '#visit', '#reply'],
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
  private isAdmitted = false;
  private agent = '';
  private algorithm = '';

  read(message: Message, session: Sink): void {
    if (message.http === undefined) return;
    if (message.kind === 'call') this.readCall(message, session);
    else if (message.kind === 'reply') this.readReply(message, session);
    else if (message.kind === 'visit' && isPoll(message)) {
      this.named(message, session);
      session.request(message.http.target.slice(1));
    }
  }

  private readCall(call: Call, session: Sink): void {
    if (isTemplateCall(call)) {
      // A Monero wallet is the whole name: solo miners have no workers.
      session.signIn(objectOf(call.params)?.wallet_address);
      this.named(call, session);
      session.request(call.method);
      return;
    }
    const block = blockOf(call);
    if (block === null) return;
    this.named(call, session);
    const identity = blobIdentity(block);
    session.share(call, {
      jobId: identity?.template ?? null,
      account: null,
      worker: null,
      nonce: identity?.nonce ?? null,
    });
  }

  private readReply(reply: Reply, session: Sink): void {
    const template = templateOf(reply);
    if (template !== null) {
      const block = readMoneroBlob(template.blob, template.height);
      // A seed hash is RandomX's; on a chain that is not Monero's it may be a variant.
      const algorithm = block?.algorithm ?? (template.hasSeed ? 'rx/0' : null);
      if (algorithm !== null && algorithm !== this.algorithm) {
        this.algorithm = algorithm;
        session.algorithm(algorithm, 'job', 'the block template', 'pool');
        if (block?.basis === 'height') session.coin('XMR', 'job', 'pool');
      }
      // A template for a wallet is the consent; there is no other.
      if (!this.isAdmitted && reply.call !== undefined && isTemplateCall(reply.call)) {
        this.isAdmitted = true;
        session.admit();
      }
      const previous = blobPrevious(template.blob);
      session.job(
        blobIdentity(template.blob)?.template ?? '',
        template.difficulty,
        previous === null ? {} : { previous },
      );
    } else if (reply.call !== undefined && isTemplateCall(reply.call)) session.refusal(reply);
    else session.answer(reply);
  }

  private named(message: Message, session: Sink): void {
    const agent = textOf(headerOf(message, 'user-agent'));
    if (agent === null || agent === this.agent) return;
    this.agent = agent;
    session.agent(agent);
  }
}
