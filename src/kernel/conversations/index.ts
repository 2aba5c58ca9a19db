/** What TypeScript calls in the kernel of conversations (src/flows/conversation-rows.ts). */
export { hashOfEnds } from '../keyed-hash';
export { addField, beginSieve } from '../records/sieve';
export { addTotals } from '../records/totals';
export { begin, fitMemory, indexAll } from './rows';
export { beginInput, takeRows } from './take';
