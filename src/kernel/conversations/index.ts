/** What TypeScript calls in the kernel of conversations (src/flows/conversation-rows.ts). */
import { beginSieve } from '../records/sieve.ts';
import { addTotals } from '../records/totals.ts';
import { begin, fitMemory, indexAll } from './rows.ts';
import { beginInput, takeRows } from './take.ts';

export { addTotals, begin, beginInput, beginSieve, fitMemory, indexAll, takeRows };
