/** The two ends of a flow, without the packets of it. */
import { addressWords } from '../../src/address.ts';
import type { FlowEnds } from '../../src/sessions/stream-facts.ts';
import { endpoint } from './truth.ts';

/** From the opener's end to the other, each 'ip:port'. */
export function flowBetween(opener: string, other: string, sawStart = true): FlowEnds {
  const ends = [endpoint(opener), endpoint(other)] as const;
  return {
    endpoint: (_, direction, target) => {
      target.set(addressWords(ends[direction].ip) ?? []);
      return ends[direction].port;
    },
    sawStart: () => sawStart,
    isTunnelled: () => false,
  };
}
