/** Evidence by what it is worth. */
import { STRENGTHS, type Strength } from './audit.ts';

/** The strongest first; of equal strength in their order. */
export function strongestFirst<Row extends { readonly strength: Strength }>(evidence: readonly Row[]): Row[] {
  return evidence.toSorted((a, b) => STRENGTHS.indexOf(a.strength) - STRENGTHS.indexOf(b.strength));
}
