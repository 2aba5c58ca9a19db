/** As state.test.ts, over what others recorded: mines, harmless traffic, attacks and exports. */
import { readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { readCapture } from '../support/capture-reader.ts';
import { CORPUS_ABSENT, corpusFolder, flowsFolder } from '../support/corpus.ts';
import { comparable, scanInputs } from '../support/scanning.ts';
import { cutInto, scanInTurn } from '../support/states.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const folder = temporaryFolder('states');
const captures = corpusFolder();
const flows = flowsFolder();
const MOST_BYTES = 4_000_000;
/** A time beyond what a pcap file can hold. */
const UNWRITABLE = /holed/;

function filesBelow(place: string, pattern: RegExp): string[] {
  return readdirSync(place, { recursive: true, encoding: 'utf8' })
    .filter((name) => pattern.test(name))
    .map((name) => path.join(place, name))
    .filter((file) => statSync(file).isFile() && statSync(file).size < MOST_BYTES)
    .sort();
}

describe.skipIf(captures === null)(captures === null ? CORPUS_ABSENT : 'recorded captures in parts', () => {
  const files = captures === null ? [] : filesBelow(captures, /\.pcap(ng)?(\.gz)?$/);

  it.each(files.filter((file) => !UNWRITABLE.test(file)))('%s', async (file) => {
    const cut = cutInto(folder, path.basename(file), readCapture(file), 6);
    const whole = await scanInputs(cut);
    // In the order in which one scan reads them: the clocks of some go back.
    const inTurn = whole.inputs.map((input) => input.path);
    const audit = await scanInTurn(path.join(folder, `${path.basename(file)}.state`), inTurn);
    expect(comparable(audit)).toEqual(comparable(whole));
  });
});

describe.skipIf(flows === null)(flows === null ? CORPUS_ABSENT : 'flow logs in turn', () => {
  it('give the audit of one scan', async () => {
    const files = flows === null ? [] : filesBelow(flows, /\.(nfcapd|csv|json|pcap|txt|binetflow)$/);
    const poolFiles = files.filter((file) => file.endsWith('pools.txt'));
    const inputs = files.filter((file) => !/pools\.txt$|expected\.json$/.test(file));
    const whole = await scanInputs(inputs, { poolFiles });
    // In the order in which one scan reads them.
    const inTurn = whole.inputs.map((input) => input.path);
    const audit = await scanInTurn(path.join(folder, 'flows.state'), inTurn, { poolFiles });
    expect(comparable(audit)).toEqual(comparable(whole));
  });
});
