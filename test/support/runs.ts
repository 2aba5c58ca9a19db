/**
 * Tests of drawn inputs are in files named `.drawn.test.ts`. Both tiers run them: the quick one draws few inputs, the slow
 * one many.
 */
export function runs(few: number, many: number): number {
  return process.env.MINESWEEP_DRAWS === 'many' ? many : few;
}
