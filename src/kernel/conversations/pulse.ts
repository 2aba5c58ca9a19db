/**
 * How evenly a conversation's packets are spread over its records: at random, as shares are; by a clock, as keep-alives
 * are; or in bursts, as those of people and batch jobs are. It shows in records that an active timeout cut, not in one
 * record per connection. Sums of one direction, so that order and files do not matter (flows/pulse.ts reads them).
 */
import { Conversation, Direction } from './memory.ts';

/** Shorter records are ends, or single exchanges that an inactive timeout cut out. */
const LEAST_SECONDS: f64 = 20;

/** Adds one record's packets of a direction. */
export function countPulse(direction: Direction, packets: f64, seconds: f64): void {
  if (seconds < LEAST_SECONDS || packets <= 0) return;
  direction.pulseSquares = <f32>(<f64>direction.pulseSquares + (packets * packets) / seconds);
  direction.pulsePackets = <f32>(<f64>direction.pulsePackets + packets);
  direction.pulseSeconds = <f32>(<f64>direction.pulseSeconds + seconds);
  direction.pulseRecords += 1;
}

/** A record of bare acknowledgements tells how long headers are, IPv4 40 or 52 bytes. */
export function noteSmallest(conversation: Conversation, packets: f64, bytes: f64): void {
  if (packets <= 0) return;
  const mean = bytes / packets;
  const smallest = <f64>conversation.smallestMean;
  if (smallest === 0 || mean < smallest) conversation.smallestMean = <f32>mean;
}
