/** The names of the reasons why a packet has no TCP or UDP header to show. */
export {
  DECODED,
  FRAGMENT,
  SEALED_TUNNEL,
  SHIM_LIMIT,
  TUNNEL_LIMIT,
} from '../kernel/packets/layers/skip-reason.ts';

/** By number; 0 is no reason at all. */
export const SKIP_REASONS = [
  'decoded',
  'unknown link type',
  'not IP',
  'link header cut',
  'ip header cut',
  'bad ip header',
  'fragment',
  'other transport',
  'transport header cut',
  'bad transport header',
  'too many layers',
  'sealed tunnel',
] as const;
