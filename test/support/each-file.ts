/**
 * Around each test file. Files share the modules of their process, so what a module of test/support registers is registered
 * for the first file only that imports it; this one is run again for each.
 */
import { afterAll } from 'vitest';
import { removeFolders } from './temporary-folder.ts';

afterAll(removeFolders);
