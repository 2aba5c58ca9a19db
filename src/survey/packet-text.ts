/**
 * Taped packets as words and back: lane, flags, sequence, acknowledgement, payload bytes on the wire, time in us,
 * record, input, and the payload in base64, in one line of text. What is no such line gives nothing.
 */
import type { TapedPacket } from '../packets/tape.ts';

const NUMBERS = 8;
const MOST_BYTES = 65_535;

export function packetText(packet: TapedPacket): string {
  const { lane, flags, sequence, acknowledgement, payloadBytes, timeUs, record, input, bytes } = packet;
  const numbers = [lane, flags, sequence, acknowledgement, payloadBytes, timeUs, record, input];
  return `${numbers.join(' ')} ${Buffer.from(bytes).toString('base64')}`;
}

/** The packet of the text; `swapped` where the lanes are the other way round, `firstInput` is added to its input. */
export function packetOf(text: string, swapped: boolean, firstInput: number): TapedPacket | null {
  const words = text.split(' ');
  const numbers = words.slice(0, NUMBERS).map(Number);
  if (words.length !== NUMBERS + 1 || !numbers.every(Number.isFinite)) return null;
  const [lane, flags, sequence, acknowledgement, payloadBytes, timeUs, record, input] = numbers;
  const bytes = new Uint8Array(Buffer.from(words[NUMBERS], 'base64'));
  if (payloadBytes < bytes.length || payloadBytes > MOST_BYTES) return null;
  return {
    lane: (lane === 1) !== swapped ? 1 : 0,
    flags,
    sequence,
    acknowledgement,
    payloadBytes,
    timeUs,
    record,
    input: input + firstInput,
    bytes,
    payloadStart: 0,
    payloadEnd: bytes.length,
  };
}

/** The text of the packet with `firstInput` added to its input; what is no such text stays as it is. */
export function packetMoved(text: string, firstInput: number): string {
  if (firstInput === 0) return text;
  let from = 0;
  for (let word = 1; word < NUMBERS; word++) {
    from = text.indexOf(' ', from) + 1;
    if (from === 0) return text;
  }
  const to = text.indexOf(' ', from);
  return to < 0
    ? text
    : `${text.slice(0, from)}${Number(text.slice(from, to)) + firstInput}${text.slice(to)}`;
}
