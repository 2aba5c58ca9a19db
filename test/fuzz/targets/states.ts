/**
 * Two inputs, read one at a time with a state between them, give the audit of one scan of both: a capture with edited
 * packets that is cut in two, or two inputs of any kind with edits.
 */
import { packetsOf } from '../../support/capture-reader.ts';
import { writePcapng } from '../../support/capture-writer.ts';
import { comparable, scanInputs } from '../../support/scanning.ts';
import { scanInTurn } from '../../support/states.ts';
import { BINARY_LOGS, TEXT_LOGS } from '../seeds.ts';
import { Choices, edited } from './choices.ts';
import { expectSame, expectSound, fileOf, noFile } from './oracles.ts';
import { samples } from './samples.ts';

const CAPTURES = samples('', /\.pcap(ng)?$/);
const WHOLE = CAPTURES.filter(isWhole);
const INPUTS = [
  ...CAPTURES,
  ...Object.values(TEXT_LOGS).map((text): Uint8Array => Buffer.from(text)),
  ...BINARY_LOGS,
];
/** A day: connections end, and begin anew at the same ports. */
const LONGEST_US = 86_400e6;

export async function fuzz(data: Buffer): Promise<void> {
  const choices = new Choices(data);
  const isCut = choices.byte() % 4 !== 0;
  const [first, second] = isCut ? cutInTwo(choices) : [input(choices), input(choices)];
  // What was read before is not read again.
  if (Buffer.compare(first, second) === 0) return;
  const files = [fileOf('first', first), fileOf('second', second)];
  const whole = await scanInputs(files, { thread: 'never' });
  expectSound(whole);
  // In the order in which one scan reads them.
  const inTurn = whole.inputs.map((each) => each.path);
  const audit = await scanInTurn(noFile('state'), inTurn, { thread: 'never' });
  expectSame('--state', comparable(whole), comparable(audit));
}

function input(choices: Choices): Uint8Array {
  return edited(choices.pick(INPUTS), new Choices(choices.take(32)));
}

/** A capture cut at any place, of which some packets are edited, lost, sent again, or moved in time. */
function cutInTwo(choices: Choices): [Uint8Array, Uint8Array] {
  const packets = packetsOf(choices.pick(WHOLE));
  const cut = choices.below(packets.length + 1);
  while (!choices.isSpent && packets.length > 0) {
    const kind = choices.byte() % 4;
    const at = choices.below(packets.length);
    const packet = packets[at];
    if (kind === 0) packets.splice(at, 1);
    else if (kind === 1) packets.splice(choices.below(packets.length), 0, packet);
    else if (kind === 2) packets[at] = { ...packet, timeUs: packet.timeUs + choices.below(LONGEST_US) };
    else {
      const bytes = edited(packet.bytes, new Choices(choices.take(8)));
      packets[at] = { ...packet, bytes, wireBytes: Math.max(packet.wireBytes, bytes.length) };
    }
  }
  return [writePcapng(packets.slice(0, cut)), writePcapng(packets.slice(cut))];
}

/** True if the second reader, which reads no broken files, reads it. */
function isWhole(sample: Uint8Array): boolean {
  try {
    return packetsOf(sample).length > 0;
  } catch {
    return false;
  }
}
