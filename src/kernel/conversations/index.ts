/** What TypeScript calls in the kernel of conversations (src/flows/conversation-rows.ts). */
import { addField, beginSieve } from '../records/sieve.ts';
import { addTotals } from '../records/totals.ts';
import { begin, fitMemory, indexAll } from './rows.ts';
import { beginInput, takeRows } from './take.ts';

export { addField, addTotals, begin, beginInput, beginSieve, fitMemory, indexAll, takeRows };
