/** The same packets give the same audit from every form of capture, and split over files. */
import { describe, expect, it } from 'vitest';
import { readCapture } from '../support/capture-reader.ts';
import { comparable, scanInputs } from '../support/scanning.ts';
import { writeForms } from '../support/split.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { laboratory } from '../support/truth.ts';

const folder = temporaryFolder();

describe('the audit is the same from', () => {
  for (const { name, capture } of laboratory()) {
    const [plain, ...forms] = writeForms(folder, name, readCapture(capture));
    for (const form of forms) {
      it(`${name} as ${form.name}`, async () => {
        const expected = comparable(await scanInputs(plain?.inputs ?? []));
        expect(comparable(await scanInputs(form.inputs))).toEqual(expected);
      });
    }
  }
});
