/** Decodes single frames that are not in a capture (samples of exporters). */
import { AT } from '../schema/packets-memory.ts';
import type { Packet } from './packet.ts';
import { PacketKernel } from './packet-kernel.ts';

export interface Frame {
  readonly bytes: Uint8Array;
  /** The frame is bytes[at, at + captured). */
  readonly at: number;
  readonly captured: number;
  readonly wireBytes: number;
  /** LINKTYPE_ value. */
  readonly linkType: number;
  readonly timeUs: number;
}

export class FrameDecoder {
  private readonly kernel = new PacketKernel({}, false);

  /** What was decoded last. */
  get packet(): Packet {
    return this.kernel.packet;
  }

  get fragments(): PacketKernel['fragments'] {
    return this.kernel.fragments;
  }

  /** Gives up the datagrams of which fragments are missing. */
  endFragments(): void {
    this.kernel.calls.endFragments();
  }

  /** DECODED where a TCP or UDP header was found, else the skip reason. */
  decode({ bytes, at, captured, wireBytes, linkType, timeUs }: Frame): number {
    const end = this.kernel.put(bytes, at, at + captured);
    return this.kernel.calls.decodeFrame(AT.scratch, end - AT.scratch, wireBytes, linkType, timeUs);
  }
}
