/** What the kernel keeps in globals from input to input: with the memory, all that a state has to keep of it. */
import { nextEndingUs, packetsSinceEnding } from './ending.ts';
import { flowsAlive, flowsEnd, freeCount as freeFlows, mask } from './flows.ts';
import { heapTop } from './heap.ts';
import { nextSweepUs } from './lasting.ts';
import { firstFree, freeTunnels, nextLookUs, tunnels } from './layers/through.ts';
import { seed } from './payload/questions.ts';
import { freeCount as freeWatches, used as watches } from './watch.ts';

export {
  firstFree as kept_firstFree,
  flowsAlive as kept_flowsAlive,
  flowsEnd as kept_flowsEnd,
  freeFlows as kept_freeFlows,
  freeTunnels as kept_freeTunnels,
  freeWatches as kept_freeWatches,
  heapTop as kept_heapTop,
  mask as kept_mask,
  nextEndingUs as kept_nextEndingUs,
  nextLookUs as kept_nextLookUs,
  nextSweepUs as kept_nextSweepUs,
  packetsSinceEnding as kept_packetsSinceEnding,
  seed as kept_seed,
  tunnels as kept_tunnels,
  watches as kept_watches,
};
