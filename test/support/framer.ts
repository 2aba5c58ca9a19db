/** A framer on its own, whose objects a kernel without packets finds. */
import { FlowFramer } from '../../src/framing/flow-framer.ts';
import type { MessageListener } from '../../src/framing/message.ts';
import type { Scanners } from '../../src/framing/object-scanner.ts';
import { PacketKernel } from '../../src/packets/packet-kernel.ts';

let kernel: PacketKernel | null = null;

export function scannersAlone(): Scanners {
  kernel ??= new PacketKernel({}, false);
  return kernel.scanners;
}

export function framerFor(listener: MessageListener): FlowFramer {
  return new FlowFramer(listener, scannersAlone());
}
