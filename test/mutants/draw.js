/**
 * Plugins of Stryker for run.js. One draws mutants: the others are told to Stryker as such that do not compile, and are not
 * run. One prints each that survives, as soon as that is known, behind how many died so far.
 */
import { createHash } from 'node:crypto';
import {
  commonTokens,
  declareClassPlugin,
  declareValuePlugin,
  PluginKind,
} from '@stryker-mutator/api/plugin';

/** A place in the draw that depends on the seed and on the mutant, not on other files. */
function lot(seed, { fileName, location, replacement }) {
  const key = JSON.stringify([seed, fileName.split('/src/').at(-1), location, replacement]);
  return createHash('sha256').update(key).digest('hex');
}

class Draw {
  static inject = [commonTokens.options];
  #drawn = new Set();

  constructor({ draw }) {
    this.draw = draw;
  }

  async init() {}

  /** Stryker gives all mutants in one call. */
  async group(mutants) {
    const { seed, count } = this.draw;
    const lots = mutants.map((mutant) => ({ id: mutant.id, lot: lot(seed, mutant) }));
    lots.sort((a, b) => (a.lot < b.lot ? -1 : 1));
    for (const { id } of lots.slice(0, count)) this.#drawn.add(id);
    return [mutants.map(({ id }) => id)];
  }

  async check(mutants) {
    const undrawn = { status: 'compileError', reason: 'not drawn' };
    return Object.fromEntries(
      mutants.map(({ id }) => [id, this.#drawn.has(id) ? { status: 'passed' } : undrawn]),
    );
  }
}

let [dead, tested] = [0, 0];
const survivors = {
  onMutantTested({ status, fileName, location, mutatorName, replacement }) {
    if (status === 'Killed' || status === 'Timeout') dead++;
    if (/Killed|Timeout|Survived|NoCoverage/.test(status)) tested++;
    if (status !== 'Survived' && status !== 'NoCoverage') return;
    const { line, column } = location.start;
    console.log(`${dead}/${tested} ${status} ${fileName}:${line}:${column} ${mutatorName}: ${replacement}`);
  },
};

export const strykerPlugins = [
  declareClassPlugin(PluginKind.Checker, 'draw', Draw),
  declareValuePlugin(PluginKind.Reporter, 'survivors', survivors),
];
