/**
 * Sampling intervals that a domain has told, by the sampler and the input interface that a record names. TypeScript
 * (readers/netflow/export-domain.ts) knows them, and is asked for each pair that comes.
 */
import { SAMPLERS, SAMPLERS_AT, Sampler, UNSCALED_AT } from '../memory.ts';

/** The sets to come are of another domain, or it has told more. */
export function forgetSamplers(): void {
  memory.fill(SAMPLERS_AT, 0, SAMPLERS * offsetof<Sampler>());
}

/** Tells of a pair, which is the one of this number. */
export function meetSampler(samplerId: f64, ingress: f64, interval: f64, lacks: bool, pair: i32): void {
  const sampler = placeOf(samplerId, ingress);
  sampler.samplerId = samplerId;
  sampler.ingress = ingress;
  sampler.interval = interval;
  sampler.lacks = lacks ? 1 : 0;
  sampler.pair = pair + 1;
  store<i32>(UNSCALED_AT + ((<usize>pair) << 2), 0);
}

/** The place of what is told of a pair; 0 if nothing was. */
export function samplerOf(samplerId: f64, ingress: f64): usize {
  const sampler = placeOf(samplerId, ingress);
  const isIt = sampler.pair !== 0 && sampler.samplerId === samplerId && sampler.ingress === ingress;
  return isIt ? changetype<usize>(sampler) : 0;
}

/** Counts a flow of such a pair that is taken as it is, as nobody has told the interval. */
export function countUnscaled(sampler: Sampler): void {
  const at = UNSCALED_AT + ((<usize>(sampler.pair - 1)) << 2);
  store<i32>(at, load<i32>(at) + 1);
}

function placeOf(samplerId: f64, ingress: f64): Sampler {
  const mixed = (reinterpret<u64>(samplerId) ^ rotl<u64>(reinterpret<u64>(ingress), 7)) * 0x9e3779b97f4a7c15;
  return changetype<Sampler>(SAMPLERS_AT + <usize>(mixed >> 56) * offsetof<Sampler>());
}
