/** The program of the thread that parses flow logs (reading/main.ts). */
import { builtProgram } from './built.ts';

/** Whether flow logs are read in a thread: if it pays, always, or never. What is read is the same. */
export type ThreadUse = 'auto' | 'always' | 'never';

export function threadProgram(): string | URL | null {
  return builtProgram('reading.cjs');
}
