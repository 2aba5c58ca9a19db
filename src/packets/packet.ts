/** The current packet and record, in the kernel's memory. Nothing may keep their bytes: the next block overwrites them. */
import type { CAPTURE_RECORD, PACKET } from '../schema/packets-memory.ts';
import type { View } from '../schema/view.ts';

export const TCP = 6;
export const UDP = 17;

export type Packet = View<keyof typeof PACKET.at>;
export type CaptureRecord = View<keyof typeof CAPTURE_RECORD.at>;
