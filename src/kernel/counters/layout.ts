/** Offsets of what TypeScript reads of fits: as globals, so that both go by what the compiler laid out. */
import { Fit } from './fit.ts';

export const fit_kind = offsetof<Fit>('kind');
export const fit_full = offsetof<Fit>('full');
export const fit_adrift = offsetof<Fit>('adrift');
export const fit_unlike = offsetof<Fit>('unlike');
export const fit_tracks = offsetof<Fit>('tracks');
export const fit_size = offsetof<Fit>('size');
export const fit_beat = offsetof<Fit>('beat');
export const fit_rate = offsetof<Fit>('rate');
export const fit_spread = offsetof<Fit>('spread');
export const fit_off = offsetof<Fit>('off');
export const fit_evidence = offsetof<Fit>('evidence');
