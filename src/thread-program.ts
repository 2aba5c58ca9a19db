/** Programs of threads, and if there are any. */
import { builtProgram } from './built.ts';

/** `reading` parses flow logs, `counting` reads nonces. */
type ThreadProgram = 'reading' | 'counting';

/** Whether there are threads, and how many with the main one. What is read is the same. */
export interface ThreadUse {
  /** If it pays, always, or never. */
  readonly threads: 'auto' | 'always' | 'never';
  readonly jobs: number;
}

export function threadProgram(program: ThreadProgram): string | URL | null {
  return builtProgram(`${program}.js`);
}
