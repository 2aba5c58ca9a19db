/** What the main thread and the decoding thread say to each other, slots aside. */
import type { MessagePort } from 'node:worker_threads';
import type { DamageRow } from '../../readers/pcap/damage.ts';
import type { CaptureKind } from '../../readers/pcap/record-reader.ts';
import type { FragmentCounts } from '../fragments.ts';
import type { SharedSlots } from './slots.ts';

/** To the thread. The setup comes once, before all readings. */
export type Order =
  | { readonly what: 'begin'; readonly slots: SharedSlots; readonly port: MessagePort }
  | ({ readonly what: 'read' } & Reading);

/** A capture to read. */
export interface Reading {
  readonly kind: CaptureKind;
  /** Descriptor of the file, which is read from its beginning. */
  readonly file: number;
  readonly hash: boolean;
  /** Packets outside these times are not counted. */
  readonly sinceUs: number;
  readonly untilUs: number;
  /** True where messages of DNS come only with names that the bits in the slots' memory hold. */
  readonly asksForNames: boolean;
}

/** What a capture was. */
export interface CaptureRead {
  readonly packets: number;
  /** Capture time, us; NaN where no record had one. */
  readonly firstUs: number;
  readonly lastUs: number;
  readonly damage: readonly DamageRow[];
  /** Byte from which on the system could not read; null where it could. */
  readonly readErrorAt: number | null;
  readonly sha256: string | null;
}

/** From the thread, at its port, in the order of the slots that they belong to. */
export type Report =
  /** The slot has another block; null: its own again. */
  | { readonly what: 'moved'; readonly slot: number; readonly block: SharedArrayBuffer | null }
  | {
      readonly what: 'read';
      readonly read: CaptureRead;
      /** Over all readings; datagrams in flight count as incomplete. */
      readonly fragments: FragmentCounts;
    };
