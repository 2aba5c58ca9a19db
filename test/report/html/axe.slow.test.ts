/** Pages judged by axe-core in a browser: what keeps a reader with a screen reader, a keyboard, weak eyes or a phone out. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { noCases } from '../../../src/cases/case.ts';
import { addNight } from '../../../src/cases/night.ts';
import { History } from '../../../src/report/history/days.ts';
import { renderHistoryHtml } from '../../../src/report/html/history.ts';
import { renderNightHtml } from '../../../src/report/html/night.ts';
import { renderAudit } from '../../../src/report/index.ts';
import { chromiumPath, openBrowser } from '../../support/browser.ts';
import { largeAudit } from '../../support/large-audit.ts';
import { quietAudit, sampleAudit } from '../../support/sample-audit.ts';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const OPTIONS = { width: 120, color: false, zone: 'UTC', language: 'en' } as const;

const PAGES: Readonly<Record<string, () => Promise<Iterable<string>>>> = {
  'of miners': () => renderAudit('html', sampleAudit(), OPTIONS),
  'in Chinese': () => renderAudit('html', sampleAudit(), { ...OPTIONS, language: 'zh' }),
  'of 30 hosts': () => renderAudit('html', largeAudit(30), OPTIONS),
  'where nothing was found': () => renderAudit('html', quietAudit(), OPTIONS),
  'of a night': async () =>
    renderNightHtml(
      addNight(noCases(), sampleAudit(), { failOn: 'probable', goneAfter: 7, zone: 'UTC', damaged: false }),
      OPTIONS,
    ),
  'of a history': async () => {
    const history = new History('UTC');
    history.add(sampleAudit());
    return renderHistoryHtml(history, OPTIONS, { tool: 'minesweep', generatedMs: 0 });
  },
};

const title = chromiumPath === null ? 'pages under axe (no Chromium here, left out)' : 'pages under axe';
describe.skipIf(chromiumPath === null)(title, () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await openBrowser();
  });
  afterAll(() => browser.close());

  const MEDIA = [
    { name: 'light', width: 1280, media: 'screen', colorScheme: 'light' },
    { name: 'dark', width: 900, media: 'screen', colorScheme: 'dark' },
    { name: 'print', width: 794, media: 'print', colorScheme: 'light' },
    { name: '360 px', width: 360, media: 'screen', colorScheme: 'light' },
  ] as const;

  describe.each(Object.entries(PAGES))('the page %s', (_, made) => {
    it.each(MEDIA)('keeps nobody out: $name', async ({ width, media, colorScheme }) => {
      const context = await browser.newContext({
        viewport: { width, height: 900 },
        colorScheme,
        bypassCSP: true,
      });
      const page = await context.newPage();
      await page.setContent([...(await made())].join(''));
      await page.emulateMedia({ media, colorScheme });
      // What is folded is judged as well.
      await page.evaluate('for (const each of document.querySelectorAll("details")) each.open = true');
      await page.evaluate(AXE);
      const found = await page.evaluate(`axe.run({ resultTypes: ['violations'] }).then(({ violations }) =>
        violations.map(({ impact, id, nodes }) => [impact, id, nodes.length, nodes[0].html].join(' ')))`);
      expect(found).toEqual([]);
      await context.close();
    });
  });
});
