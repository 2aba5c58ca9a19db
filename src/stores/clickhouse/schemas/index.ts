/** The schemas, the most specific first: `auto` takes the first whose required columns a table has. */
import type { StoreSchema } from '../schema.ts';
import { akvorado } from './akvorado.ts';
import { goflow2 } from './goflow2.ts';
import { ntopng } from './ntopng.ts';
import { theia } from './theia.ts';

export const STORE_SCHEMAS: readonly StoreSchema[] = [ntopng, theia, akvorado, goflow2];
