/**
 * Encrypted Stratum V2 behind its handshake, by the sizes of what is said (evidence/sealed-frames.ts). Shares count from the
 * first one on whose size is known; answers cover several of them, so that which were accepted is not said of each.
 */
import { FrameCount } from '../evidence/sealed-frames.ts';
import type { OpaqueFlight } from '../framing/message.ts';
import type { Sink } from './sink.ts';

const ACT_1 = 64;
const ACT_2 = 234;

export class OpaqueSession {
  private readonly frames = new FrameCount(true);

  read(flight: OpaqueFlight, session: Sink): void {
    const { lane, offset } = flight;
    if (lane === 0 && offset === 0) session.request('noise act 1');
    else if (lane === 1 && offset === 0) session.service('noise act 2');
    else if (lane === 1 && offset === ACT_2) session.service('noise setup answered');
    // The first message behind the handshake sets the connection up.
    else if (lane === 1 || offset > ACT_1) this.count(flight, session);
  }

  private count(flight: OpaqueFlight, session: Sink): void {
    const { lane, bytes, timeUs } = flight;
    const heard = this.frames.hear(lane === 0 ? bytes : -bytes, timeUs);
    for (const sentUs of heard.sharesUs) if (sentUs === timeUs) session.share(flight, {});
    session.counted(heard);
  }
}
