/**
 * Around each test file. Files share the modules of their process, so what a module of test/support registers is registered
 * for the first file only that imports it; this one is run again for each.
 */
import { afterAll, beforeAll } from 'vitest';
import { setLimits } from '../../src/limits.ts';
import { removeFolders } from './temporary-folder.ts';

// A scan of the file before may have had limits of its own.
beforeAll(() => setLimits({}));
afterAll(removeFolders);
