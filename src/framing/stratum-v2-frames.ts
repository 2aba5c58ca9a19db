/**
 * Bytes of a direction to frames of Stratum V2 in clear (sv2-spec 03): extension 2, type 1, length 3, payload, integers
 * least significant byte first. The types of the core protocol and the sizes that their fields allow are known, and a
 * frame outside of them ends the framing: six bytes of another protocol do not pass for long.
 */
import { FrameReader } from './frame-reader.ts';

/** Longest payload that is kept; longer ones (declared jobs) are skipped. */
const PAYLOAD_LIMIT = 64 * 1024;
/** A whole template with its transactions. */
const LARGEST = 0xff_ffff;
const HEADER = 6;

/** Payload sizes by type: least and most bytes that the fields of the message can have. */
const SIZES = new Map<number, readonly [least: number, most: number]>([
  [0x00, [16, 1300]], // SetupConnection
  [0x01, [6, 6]], // SetupConnection.Success
  [0x02, [5, 260]], // SetupConnection.Error
  [0x03, [4, 4]], // ChannelEndpointChanged
  [0x04, [3, 258]], // Reconnect
  [0x10, [41, 296]], // OpenStandardMiningChannel
  [0x11, [45, 77]], // OpenStandardMiningChannel.Success
  [0x12, [5, 260]], // OpenMiningChannel.Error
  [0x13, [43, 298]], // OpenExtendedMiningChannel
  [0x14, [43, 79]], // OpenExtendedMiningChannel.Success
  [0x15, [45, 49]], // NewMiningJob
  [0x16, [40, 40]], // UpdateChannel
  [0x17, [5, 260]], // UpdateChannel.Error
  [0x18, [5, 260]], // CloseChannel
  [0x19, [5, 37]], // SetExtranoncePrefix
  [0x1a, [24, 24]], // SubmitSharesStandard
  [0x1b, [25, 57]], // SubmitSharesExtended
  [0x1c, [20, 20]], // SubmitShares.Success
  [0x1d, [9, 264]], // SubmitShares.Error
  [0x1f, [19, LARGEST]], // NewExtendedMiningJob
  [0x20, [48, 48]], // SetNewPrevHash
  [0x21, [36, 36]], // SetTarget
  [0x22, [40, LARGEST]], // SetCustomMiningJob
  [0x23, [12, 12]], // SetCustomMiningJob.Success
  [0x24, [9, 264]], // SetCustomMiningJob.Error
  [0x25, [6, 4096]], // SetGroupChannel
]);
/** Job declaration and template distribution: no mining, but on the same kind of connection. */
for (const [from, to] of [
  [0x50, 0x60],
  [0x70, 0x76],
]) {
  for (let type = from; type <= to; type++) SIZES.set(type, [1, LARGEST]);
}

/** Whether a direction that begins with these bytes begins with a frame. */
export function startsFrames(head: Uint8Array, length: number): 'yes' | 'part' | 'no' {
  if (head[0] !== 0 || (length > 1 && head[1] !== 0 && head[1] !== 0x80)) return 'no';
  const size = length > 2 ? SIZES.get(head[2]) : undefined;
  if (length > 2 && size === undefined) return 'no';
  if (length < HEADER || size === undefined) return 'part';
  const payload = head[3] | (head[4] << 8) | (head[5] << 16);
  if (payload < size[0] || payload > Math.min(size[1], PAYLOAD_LIMIT)) return 'no';
  if (head[2] >= 0x50) return 'no'; // its sizes prove nothing
  if (head[2] !== 0) return 'yes';
  // SetupConnection: protocol 0 to 2, versions 2 to 2.
  const version = [2, 0, 2, 0];
  for (let at = HEADER; at < Math.min(length, HEADER + 5); at++) {
    if (at === HEADER ? head[at] > 2 : head[at] !== version[at - HEADER - 1]) return 'no';
  }
  return length < HEADER + 5 ? 'part' : 'yes';
}

export class StratumV2Reader extends FrameReader {
  protected get most(): number {
    return HEADER + PAYLOAD_LIMIT;
  }

  protected isStart(bytes: Uint8Array): boolean {
    return startsFrames(bytes, bytes.length) === 'yes';
  }

  protected sizeOf(head: Uint8Array, length: number): number {
    if (length < HEADER) return 0;
    const size = SIZES.get(head[2]);
    const payload = head[3] | (head[4] << 8) | (head[5] << 16);
    // Extensions have types of their own; only the core's sizes are known.
    const isCore = head[0] === 0 && (head[1] & 0x7f) === 0;
    const isOdd = size === undefined || payload < size[0] || payload > size[1];
    return isCore && isOdd ? -1 : HEADER + payload;
  }

  protected read(frame: Uint8Array): void {
    const [low, high, type] = frame;
    const extension = low | ((high & 0x7f) << 8);
    const payload = frame.slice(HEADER);
    this.sink.say({ kind: 'binary-frame', extension, isChannel: high >= 0x80, type, payload }, frame.length);
  }
}
