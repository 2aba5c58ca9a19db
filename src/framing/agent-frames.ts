/** Binary messages of BTCAgent, which src/kernel/packets/payload/agent-frame.ts describes and finds between JSON lines. */

interface AgentFrame {
  readonly type: number;
  /** Bytes of its own, valid for good. */
  readonly body: Uint8Array;
}

const HEAD_BYTES = 4;

/** The message in `bytes[from, to)`. */
export function agentFrame(bytes: Uint8Array, from: number, to: number): AgentFrame {
  return { type: bytes[from + 1], body: bytes.slice(from + HEAD_BYTES, to) };
}
