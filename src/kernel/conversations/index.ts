/** What TypeScript calls in the kernel of conversations (src/flows/conversation-table.ts). */
export { hashOfEnds } from '../keyed-hash';
export { addListed, beginSieve } from '../records/sieve';
export { addTotals } from '../records/totals';
export { addRows, beginInput } from './add-rows';
export { begin, fitMemory, indexAll } from './rows';
