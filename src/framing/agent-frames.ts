/**
 * Binary messages of BTCAgent, a farm's proxy (btccom/btcagent, ExMessage.go). They stand between the JSON lines of the
 * login and of the jobs, on both lanes, least significant byte first:
 *
 *     0  magic 0x7f
 *     1  type
 *     2  length of the whole, these four bytes included
 *     4  body
 */

interface AgentFrame {
  readonly type: number;
  /** Bytes of its own, valid for good. */
  readonly body: Uint8Array;
}

export const AGENT_MAGIC = 0x7f;
export const AGENT_HEAD = 4;
/** Bytes of the shortest body by type: worker joins, share (four forms), worker leaves, difficulty, answer. */
const LEAST_BODY = new Map([
  [0x01, 4],
  [0x02, 11],
  [0x03, 15],
  [0x04, 2],
  [0x05, 3],
  [0x10, 6],
  [0x12, 15],
  [0x13, 19],
]);

/** Length of the message whose head this is; 0 if it is none. */
export function agentFrameLength(head: Uint8Array): number {
  const least = LEAST_BODY.get(head[1]);
  const length = head[2] | (head[3] << 8);
  return head[0] === AGENT_MAGIC && least !== undefined && length >= AGENT_HEAD + least ? length : 0;
}

/** The message in `bytes[0, length)`, which has a head as above. */
export function agentFrame(bytes: Uint8Array, length: number): AgentFrame {
  return { type: bytes[1], body: bytes.slice(AGENT_HEAD, length) };
}
