/**
 * Bytes of a direction to messages of Alephium's node and its miners (alephium/docs, mining integration): a size of four
 * bytes, the most significant first, a type of one, fields. Type 0 is the node's jobs or the miner's block, type 1 the
 * node's answer to one. A message of another shape ends the framing: the sizes and groups in it leave little to chance.
 */
import { wordAt } from './bytes.ts';
import { FrameReader } from './frame-reader.ts';

/** Jobs carry whole blocks without their nonce, one for each of 16 chains. */
const PAYLOAD_LIMIT = 4 * 1024 * 1024;
const HEADER = 5;
/** Bytes by which a message shows its shape. */
const SHAPE = 21;
const MOST_JOBS = 64;
const GROUPS = 16;
/** A nonce and a header; a block is that and its transactions. */
const LEAST_BLOCK = 24 + 100;
const LEAST_HEADER = 100;
const MOST_HEADER = 4096;
const ANSWER_BYTES = 10;

/** Whether a direction that begins with these bytes begins with such a message. */
export function startsSizedFrames(head: Uint8Array, length: number): 'yes' | 'part' | 'no' {
  if (head[0] !== 0 || (length > 4 && head[4] > 1)) return 'no';
  if (length < HEADER) return 'part';
  const size = wordAt(head, 0);
  if (head[4] === 1) {
    if (size !== ANSWER_BYTES) return 'no';
    if (length < 14) return 'part';
    return isGroup(wordAt(head, 5)) && isGroup(wordAt(head, 9)) && head[13] <= 1 ? 'yes' : 'no';
  }
  if (size > PAYLOAD_LIMIT || size < LEAST_BLOCK) return 'no';
  if (length < 9) return 'part';
  const count = wordAt(head, 5);
  // A block fills the message to its last byte.
  if (count === size - HEADER) return 'yes';
  if (count < 1 || count > MOST_JOBS) return 'no';
  if (length < SHAPE) return 'part';
  const headerBytes = wordAt(head, 17);
  const hasHeader = headerBytes >= LEAST_HEADER && headerBytes <= MOST_HEADER && headerBytes < size;
  return isGroup(wordAt(head, 9)) && isGroup(wordAt(head, 13)) && hasHeader ? 'yes' : 'no';
}

function isGroup(value: number): boolean {
  return value >= 0 && value < GROUPS;
}

export class SizedFrameReader extends FrameReader {
  protected get most(): number {
    return 4 + PAYLOAD_LIMIT;
  }

  protected isStart(bytes: Uint8Array): boolean {
    return startsSizedFrames(bytes, bytes.length) === 'yes';
  }

  protected sizeOf(head: Uint8Array, length: number): number {
    const shape = startsSizedFrames(head, length);
    return shape === 'part' ? 0 : shape === 'no' ? -1 : 4 + wordAt(head, 0);
  }

  protected read(frame: Uint8Array): void {
    this.sink.say({ kind: 'sized-frame', type: frame[4], payload: frame.slice(HEADER) }, frame.length);
  }
}
