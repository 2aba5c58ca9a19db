/**
 * Binary messages of BTCAgent, a farm's proxy (btccom/btcagent, ExMessage.go). They stand between the JSON lines of the
 * login and of the jobs, on both directions, least significant byte first:
 *
 *     0  magic 0x7f
 *     1  type
 *     2  length of the whole, these four bytes included
 *     4  body
 */
export const AGENT_MAGIC: u32 = 0x7f;
export const AGENT_HEAD: u32 = 4;

/** Bytes of the shortest body by type: worker joins, share (four forms), worker leaves, difficulty, answer. */
function leastBody(type: u32): u32 {
  switch (type) {
    case 0x01:
      return 4;
    case 0x02:
      return 11;
    case 0x03:
    case 0x12:
      return 15;
    case 0x04:
      return 2;
    case 0x05:
      return 3;
    case 0x10:
      return 6;
    case 0x13:
      return 19;
    default:
      return 0;
  }
}

/** Length of the message whose head this is; 0 if it is none. */
export function agentFrameLength(head: usize): u32 {
  const least = leastBody(load<u8>(head + 1));
  const length = <u32>load<u16>(head + 2);
  return load<u8>(head) === AGENT_MAGIC && least !== 0 && length >= AGENT_HEAD + least ? length : 0;
}
