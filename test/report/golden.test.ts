/**
 * The golden text of every report for people: of one audit that has all kinds of hosts, in both languages, and of the night after it. What
 * the figures are, other tests tell; here a change of any word, order or figure shows.
 */
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Audit } from '../../src/audit/audit.ts';
import { noCases } from '../../src/cases/case.ts';
import { addNight } from '../../src/cases/night.ts';
import { renderExplanation, renderShortExplanation } from '../../src/report/explain/explain.ts';
import { renderAudit } from '../../src/report/index.ts';
import { renderLetters } from '../../src/report/letter.ts';
import { NIGHT_FORMATS, renderCaseHistory, renderCases } from '../../src/report/night.ts';
import { LANGUAGES, type Language } from '../../src/statements/languages.ts';
import { readCapture } from '../support/capture-reader.ts';
import { body } from '../support/page-body.ts';
import { sampleAudit } from '../support/sample-audit.ts';
import { scanInputs } from '../support/scanning.ts';
import { writeCapture } from '../support/split.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { laboratoryCapture } from '../support/truth.ts';

const PAGE = { width: 100, color: false, zone: 'UTC' } as const;

const DAY_MS = 86_400_000;

/** The sample, and the night after it: one host is gone, one mines twice as fast, one is new. */
function nights() {
  const known = noCases();
  const options = { failOn: 'probable', goneAfter: 1, zone: 'UTC', damaged: false } as const;
  addNight(known, sampleAudit(), options);
  const later: Audit = JSON.parse(
    JSON.stringify(sampleAudit()).replaceAll(/2026-03-0\d(?=T)/g, (date) =>
      new Date(Date.parse(date) + DAY_MS).toISOString().slice(0, 10),
    ),
  );
  const [, faster, ...others] = later.hosts;
  for (const row of faster.hashrate)
    for (const field of ['estimate', 'low95', 'high95'] as const) row[field] = (row[field] ?? 0) * 2;
  later.hosts = [faster, ...others, { ...structuredClone(faster), ip: '192.0.2.12' }];
  return { known, night: addNight(known, later, options) };
}

async function rendered(format: string, audit: Audit, language: Language): Promise<string> {
  const text = [...(await renderAudit(format, audit, { ...PAGE, language, sampleOf: 40 }))].join('');
  return format === 'html' ? body(text) : text;
}

const folder = temporaryFolder('golden');
const LABORATORY = ['xmr-tls', 'btc-v1-full', 'xmr-socks5', 'eth-proxy', 'zec-zip301', 'xmr-plain-vardiff'];

/** Laboratory miners in one audit, the inputs under their bare names. */
async function laboratoryAudit(): Promise<Audit> {
  const captures = LABORATORY.map((name) => laboratoryCapture(name).capture);
  // A tenth of what passed was lost.
  const lossy = readCapture(laboratoryCapture('xmr-many-shares').capture);
  captures.push(
    writeCapture(
      folder,
      'with-loss',
      lossy.filter((_, i) => i < 20 || i % 10 > 0),
    ),
  );
  const audit = await scanInputs(captures);
  return JSON.parse(
    captures.reduce(
      (text, capture) => text.replaceAll(capture, path.basename(capture)),
      JSON.stringify(audit),
    ),
  );
}

function explained(audit: Audit, language: Language): string {
  return audit.hosts
    .flatMap((host) => [
      ...renderShortExplanation(audit, host, { ...PAGE, language }),
      '-----\n',
      ...renderExplanation(audit, host, { ...PAGE, language }),
      '-----\n',
      ...renderLetters(audit, host, { language }),
      '=====\n',
    ])
    .join('');
}

it.each(['ticket', 'markdown'])('laboratory miners as %s', async (format) => {
  await expect(await rendered(format, await laboratoryAudit(), 'en')).toMatchFileSnapshot(
    `golden/laboratory.${format}.txt`,
  );
});

it('laboratory miners, explained', async () => {
  await expect(explained(await laboratoryAudit(), 'en')).toMatchFileSnapshot('golden/laboratory.explain.txt');
});

describe.each(LANGUAGES)('in %s', (language) => {
  it.each(['ticket', 'official', 'html', 'junit', 'github'])('the report as %s', async (format) => {
    await expect(await rendered(format, sampleAudit(), language)).toMatchFileSnapshot(
      `golden/sample-${language}.${format}.txt`,
    );
  });

  it('what is explained of each host, and the letters to its pools', async () => {
    await expect(explained(sampleAudit(), language)).toMatchFileSnapshot(
      `golden/sample-${language}.explain.txt`,
    );
  });

  it.each(['table', 'ticket', 'html', 'junit', 'github'])('the second night as %s', async (format) => {
    const { night } = nights();
    const text = [...(await NIGHT_FORMATS[format](night, { ...PAGE, language }, 'cases.json'))].join('');
    await expect(format === 'html' ? body(text) : text).toMatchFileSnapshot(
      `golden/night-${language}.${format}.txt`,
    );
  });

  it('the cases of two nights, and the history of one', async () => {
    const { known } = nights();
    const said = [
      ...renderCases(known.cases, { ...PAGE, language }),
      ...renderCaseHistory(known.cases, { ...PAGE, language }),
    ];
    await expect(said.join('')).toMatchFileSnapshot(`golden/night-${language}.cases.txt`);
  });
});
