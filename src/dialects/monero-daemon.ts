/**
 * Solo mining at a Monero node's RPC over HTTP, as XMRig's `--daemon` does it (docs/reference/protocols.md 3.3): poll the height,
 * ask for a template to one's own wallet, submit whole blocks. Each request comes on a connection of its own. A block
 * is a share whose work is the template's difficulty. A pool's back end asks for templates as well, with
 * `reserve_size`; wallets ask for the height: neither is certain. Left out: the node's own miner (`start_mining`).
 */
import { readMoneroBlob } from '../evidence/coin-chain.ts';
import type { Call, Message, Reply } from '../framing/message.ts';
import { blobIdentity, blobPrevious } from './cryptonote-blob.ts';
import { ANSWER, grammar, REFUSAL, type Row } from './grammar.ts';
import { isByMiner } from './opening.ts';
import { headerOf, isCount, isHex, listOf, objectOf, positiveNumber, textOf } from './shape.ts';
import type { Sink } from './sink.ts';

const TEMPLATE: Row<null> = {
  certain: (params, call) =>
    walletOf(params) !== null && (textOf(objectOf(params)?.extra_nonce) !== null || isByMiner(call)),
  possible: walletOf,
  read: (call, session) => {
    // A Monero wallet is the whole name: solo miners have no workers.
    session.signIn(objectOf(call.params)?.wallet_address);
    session.userAgent(call);
    session.request(call.method);
  },
  reply: REFUSAL,
};
const BLOCK: Row<null> = {
  certain: (params, call) =>
    blockOf(params, call) !== null && (headerOf(call, 'x-hash-difficulty') !== '' || isByMiner(call)),
  possible: blockOf,
  read: (call, session) => {
    const identity = blobIdentity(blockOf(call.params, call) ?? '');
    session.userAgent(call);
    session.share(call, { jobId: identity?.template ?? null, nonce: identity?.nonce ?? null });
  },
  reply: ANSWER,
};

export const moneroDaemon = grammar({
  id: 'monero-daemon',
  title: 'Monero node RPC (solo)',
  reference: 'Monero daemon RPC, XMRig DaemonClient, docs/reference/protocols.md 3.3',
  serves: 'Monero and its forks, without a pool',
  framing: 'http',
  perRequest: true,
  polls: ['/getheight', '/getinfo', '/get_height', '/get_info'],
  own: () => null,
  takes: ({ http }) => http !== undefined,
  isStrict: 'calls',
  ofReply: (reply) => (templateOf(reply) === null ? 'foreign' : 'possible'),
  ahead: (reply, session) => {
    const template = templateOf(reply);
    if (template !== null) takeTemplate(template, reply.call, session);
    return template !== null;
  },
  rows: { getblocktemplate: TEMPLATE, get_block_template: TEMPLATE, submitblock: BLOCK, submit_block: BLOCK },
  others: {
    visit: {
      possible: isPoll,
      read: (message, session) => {
        session.userAgent(message);
        session.request(message.http.target.slice(1));
      },
    },
  },
});

interface Template {
  readonly blob: string;
  readonly difficulty: number;
  readonly height: number | null;
  readonly hasSeed: boolean;
}

/** Bitcoin's method of the same name has no such parameter. */
function walletOf(params: unknown): string | null {
  return textOf(objectOf(params)?.wallet_address);
}

/** The block of a `submitblock` at Monero's path, or null. */
function blockOf(params: unknown, call: Call): string | null {
  const [block] = listOf(params) ?? [];
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
  const height = isCount(result?.height) ? result.height : null;
  return { blob, difficulty, height, hasSeed: isHex(result?.seed_hash, 64) };
}

function takeTemplate(template: Template, call: Call | undefined, session: Sink): void {
  const block = readMoneroBlob(template.blob, template.height);
  // A seed hash is RandomX's; on a chain that is not Monero's it may be a variant.
  const algorithm = block?.algorithm ?? (template.hasSeed ? 'rx/0' : null);
  if (
    algorithm !== null &&
    session.named(algorithm, 'job', 'the block template') &&
    block?.basis === 'height'
  )
    session.coin('XMR', 'job', 'pool');
  // A template for a wallet is the consent; there is no other.
  if (walletOf(call?.params) !== null) session.consent();
  const previous = blobPrevious(template.blob);
  const details = previous === null ? {} : { previous };
  session.job(blobIdentity(template.blob)?.template ?? '', template.difficulty, details);
}
