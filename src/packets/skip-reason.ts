/** The numbers of some reasons why a packet has no TCP or UDP header to show (SKIP_REASONS). */
import { SKIP_REASONS } from '../schema/packets-memory.ts';

export { SKIP_REASONS };
/** It has one. */
export const DECODED = SKIP_REASONS.indexOf('decoded');
export const FRAGMENT = SKIP_REASONS.indexOf('fragment');
export const SEALED_TUNNEL = SKIP_REASONS.indexOf('sealed tunnel');
