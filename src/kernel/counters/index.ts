/** What TypeScript calls in the kernel of counters (src/evidence/counter/from-zero/structure.ts). */
export { evidence, infer } from './structure';
