/** The page opened in a real browser: what it does, what it refuses to do, and what a reader sees. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Audit } from '../../../src/audit/audit.ts';
import { History } from '../../../src/report/history/days.ts';
import { renderHistoryHtml } from '../../../src/report/html/history.ts';
import { renderAudit } from '../../../src/report/index.ts';
import type { Language } from '../../../src/statements/languages.ts';
import { chromiumPath, type Misdeeds, openBrowser, watch } from '../../support/browser.ts';
import { largeAudit } from '../../support/large-audit.ts';
import { HOSTILE, sampleAudit, XMR_WALLET } from '../../support/sample-audit.ts';

const title =
  chromiumPath === null ? 'the page in a browser (no Chromium here, left out)' : 'the page in a browser';

describe.skipIf(chromiumPath === null)(title, () => {
  let browser: Browser;
  let folder: string;

  beforeAll(async () => {
    browser = await openBrowser();
    folder = await mkdtemp(path.join(tmpdir(), 'minesweep-page-'));
  });
  afterAll(async () => {
    await browser.close();
    await rm(folder, { recursive: true, force: true });
  });

  interface Opened {
    readonly page: Page;
    readonly misdeeds: Misdeeds;
  }

  /** Opens the page of an audit; `alter` may break its HTML first. */
  async function open(
    audit: Audit,
    settings: {
      readonly language?: Language;
      readonly dark?: boolean;
      readonly width?: number;
      readonly script?: boolean;
      readonly hash?: string;
      alter?(html: string): string;
    } = {},
  ): Promise<Opened> {
    const language = settings.language ?? 'en';
    const options = { width: 120, color: false, zone: 'UTC', language };
    const html = [...(await renderAudit('html', audit, options))].join('');
    const file = path.join(folder, `${crypto.randomUUID()}.html`);
    await writeFile(file, settings.alter?.(html) ?? html);
    const context = await browser.newContext({
      viewport: { width: settings.width ?? 1280, height: 900 },
      colorScheme: settings.dark === true ? 'dark' : 'light',
      javaScriptEnabled: settings.script ?? true,
    });
    const page = await context.newPage();
    const misdeeds = await watch(page);
    await page.goto(`${pathToFileURL(file).href}${settings.hash ?? ''}`);
    return { page, misdeeds };
  }

  /** A computed style of the first element that the selector finds. */
  async function styleOf(page: Page, selector: string, property: string, pseudo = ''): Promise<unknown> {
    const words = [selector, property, pseudo].map((word) => JSON.stringify(word));
    return page.evaluate(`getComputedStyle(document.querySelector(${words[0]}), ${words[2]})[${words[1]}]`);
  }

  async function addresses(page: Page): Promise<string[]> {
    return page.locator('#host-table tbody tr td:first-child').allTextContents();
  }

  it.each([390, 1280])(
    'shows a history %i wide, that does nothing and scrolls in no direction but down',
    async (width) => {
      const history = new History('UTC');
      expect(history.add(sampleAudit())).toBe(null);
      const made = { tool: 'minesweep', generatedMs: 0 };
      const html = [...renderHistoryHtml(history, { zone: 'UTC', language: 'en' }, made)].join('');
      const { page, misdeeds } = await open(sampleAudit(), { width, alter: () => html });
      expect(misdeeds).toEqual({ messages: [], requests: [] });
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(width);
      expect(await page.locator('.chart svg:visible').count()).toBeGreaterThan(3);
      expect(await styleOf(page, '.k5', 'backgroundColor', '::before')).not.toBe('rgba(0, 0, 0, 0)');
      await page.context().close();
    },
  );

  it.each([
    { name: 'light', settings: {} },
    { name: 'dark', settings: { dark: true } },
    { name: 'on a phone', settings: { width: 390 } },
    { name: 'in Chinese', settings: { language: 'zh' as const } },
  ])('is quiet, asks for nothing and fits its width: $name', async ({ settings }) => {
    const { page, misdeeds } = await open(sampleAudit(), settings);
    await page.evaluate('scrollTo(0, document.documentElement.scrollHeight)');
    expect(misdeeds).toEqual({ messages: [], requests: [] });
    expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true);
    await page.context().close();
  });

  it('shows hostile names as text, in tables and in charts', async () => {
    const audit = sampleAudit();
    const [pool] = audit.pools;
    if (pool === undefined) throw new Error('the sample has pools');
    const name = '<script>alert(1)</script>';
    for (const host of audit.hosts) host.pools = host.pools.map((own) => (own === pool.pool ? name : own));
    pool.pool = name;
    const { page, misdeeds } = await open(audit);
    const text = await page.locator('main').textContent();
    expect(text).toContain(HOSTILE.worker);
    expect(text).toContain('@pool.example\\u{9}+2');
    expect(text).toContain('login \\u{202e}gnp.exe\\u{202c}');
    const bars = await page.locator('svg text').allTextContents();
    expect(bars).toContain('<script>alert(1)</script>');
    expect(await page.locator('main img, main script, main iframe').count()).toBe(0);
    expect(misdeeds.messages).toEqual([]);
    await page.context().close();
  });

  it('lets no script run but its own', async () => {
    const attack =
      '<script>document.title = "owned"</script><img src="x" onerror="document.title = \'owned\'"><p style="color:red" id="red">x</p>';
    const { page, misdeeds } = await open(sampleAudit(), {
      alter: (html) => html.replace('<main>', `<main>${attack}`),
    });
    expect(await page.title()).toMatch(/^Mining audit/);
    expect(await styleOf(page, '#red', 'color')).not.toBe('rgb(255, 0, 0)');
    expect(misdeeds.messages.filter((message) => message.includes('Content Security Policy')).length).toBe(4);
    expect(misdeeds.requests).toEqual([]);
    // Not even by its own hand does text become markup.
    await expect(page.evaluate('document.body.innerHTML = "<b>x</b>"')).rejects.toThrow('TrustedHTML');
    await page.context().close();
  });

  it('sorts by address, verdict, traffic and rate, and says which way', async () => {
    const { page } = await open(sampleAudit());
    const head = (name: string) => page.locator('#host-table thead th', { hasText: name });
    await head('IP').locator('button').click();
    expect(await addresses(page)).toEqual([
      '192.0.2.9',
      '192.0.2.11',
      '192.0.2.77',
      '192.0.2.140',
      '192.0.2.150',
      '198.18.204.200',
      '2001:db8:10:4::1:2f',
    ]);
    expect(await head('IP').getAttribute('aria-sort')).toBe('ascending');
    await head('IP').locator('button').click();
    expect((await addresses(page))[0]).toBe('2001:db8:10:4::1:2f');
    expect(await head('IP').getAttribute('aria-sort')).toBe('descending');
    await head('Traffic').locator('button').click();
    expect((await addresses(page)).slice(0, 3)).toEqual(['192.0.2.11', '192.0.2.77', '2001:db8:10:4::1:2f']);
    expect(await head('IP').getAttribute('aria-sort')).toBeNull();
    await head('Hashrate').locator('button').click();
    // Within each algorithm, by name: equihash, rx/0 twice and alike, sha256d; then those without a rate.
    expect((await addresses(page)).slice(0, 4)).toEqual([
      '192.0.2.140',
      '192.0.2.11',
      '192.0.2.77',
      '2001:db8:10:4::1:2f',
    ]);
    await page.context().close();
  });

  it('finds by every word, the whole of a wallet and the verdict', async () => {
    const { page } = await open(sampleAudit());
    const found = page.locator('#host-found');
    const search = page.locator('#host-search');
    await search.fill('braiins  機房');
    await expect.poll(() => found.textContent()).toBe('1');
    expect(await addresses(page)).toEqual(['2001:db8:10:4::1:2f']);
    await search.fill(XMR_WALLET.toUpperCase());
    await expect.poll(() => found.textContent()).toBe('2');
    await page.locator('#host-verdict').selectOption({ label: 'suspected' });
    await expect.poll(() => found.textContent()).toBe('0');
    await search.fill('');
    await expect.poll(() => found.textContent()).toBe('1');
    expect(await addresses(page)).toEqual(['192.0.2.140']);
    await page.locator('#host-verdict').selectOption('');
    await page.locator('#host-action').selectOption('isolate');
    await expect.poll(() => found.textContent()).toBe('1');
    expect(await addresses(page)).toEqual(['192.0.2.11']);
    await page.context().close();
  });

  it('opens the section of a host that is followed to, or came with the address', async () => {
    const audit = largeAudit(300);
    const { page } = await open(audit);
    const section = page.locator('#host-2');
    expect(await section.getAttribute('open')).toBeNull();
    const link = page.locator('#host-table a[href="#host-2"]');
    const ip = (await link.textContent()) ?? '';
    expect(ip).toMatch(/^10\.0\./);
    await link.click();
    await expect.poll(() => section.getAttribute('open')).toBe('');
    expect(await section.locator('summary').textContent()).toContain(ip);
    await page.locator('#open-all').click();
    expect(await page.locator('details.host[open]').count()).toBe(250);
    await page.locator('#close-all').click();
    expect(await page.locator('details.host[open]').count()).toBe(0);
    await page.context().close();
    const again = await open(audit, { hash: '#host-7' });
    expect(await again.page.locator('#host-7').getAttribute('open')).toBe('');
    await again.page.context().close();
  });

  it('keeps 5,000 hosts in hand: a part is shown, all are found and printed', async () => {
    const { page, misdeeds } = await open(largeAudit(5000));
    expect(await page.locator('#host-table tbody tr').count()).toBe(200);
    await page.locator('#host-search').fill('10.0.19.135');
    await expect.poll(() => page.locator('#host-found').textContent()).toBe('1');
    await page.locator('#host-search').fill('');
    await expect.poll(() => page.locator('#host-found').textContent()).toBe('5,000');
    await page.evaluate("dispatchEvent(new Event('beforeprint'))");
    expect(await page.locator('#host-table tbody tr').count()).toBe(5000);
    await page.evaluate("dispatchEvent(new Event('afterprint'))");
    expect(await page.locator('#host-table tbody tr').count()).toBe(200);
    await page.locator('#host-all').click();
    expect(await page.locator('#host-table tbody tr').count()).toBe(5000);
    expect(misdeeds).toEqual({ messages: [], requests: [] });
    await page.context().close();
  });

  it('tells all of it without a script', async () => {
    const { page } = await open(largeAudit(400), { script: false });
    expect(await page.locator('#host-table tbody tr').count()).toBe(400);
    expect(await page.locator('#host-controls').isVisible()).toBe(false);
    expect(await page.locator('svg.wide').first().isVisible()).toBe(true);
    await page.locator('#host-1 > summary').click();
    expect(await page.locator('#host-1 .facts').isVisible()).toBe(true);
    await page.context().close();
  });

  it('wears the theme of its reader, and paper is white', async () => {
    const dark = await open(sampleAudit(), { dark: true });
    expect(await styleOf(dark.page, 'body', 'backgroundColor')).toBe('rgb(20, 24, 28)');
    expect(await styleOf(dark.page, '#breakdown svg text', 'fill')).toBe('rgb(230, 234, 237)');
    await dark.page.emulateMedia({ media: 'print', colorScheme: 'dark' });
    expect(await styleOf(dark.page, 'body', 'backgroundColor')).toBe('rgb(255, 255, 255)');
    expect(await dark.page.locator('nav').isVisible()).toBe(false);
    // A button is not painted again where a table goes on over the page.
    expect(await styleOf(dark.page, '#host-table thead button', 'display')).toBe('contents');
    const pdf = await dark.page.pdf({ preferCSSPageSize: true });
    expect(pdf.subarray(0, 5).toString()).toBe('%PDF-');
    // A4 in points.
    expect(pdf.toString('latin1')).toMatch(/\/MediaBox \[0 0 59[45][.\d]* 84[12][.\d]*\]/);
    await dark.page.context().close();
  });

  it('prints fifteen hosts and the charts over time on at most four pages, and the host that is open', async () => {
    const { page } = await open(largeAudit(15));
    const pagesOf = async (): Promise<number> => {
      const pdf = (await page.pdf({ preferCSSPageSize: true })).toString('latin1');
      return Math.max(...[...pdf.matchAll(/\/Count (\d+)/g)].map(([, count]) => Number(count)));
    };
    expect(await pagesOf()).toBeLessThanOrEqual(4);
    await page.emulateMedia({ media: 'print' });
    expect(await page.locator('#time .chart svg.wide').first().isVisible()).toBe(true);
    expect(await page.locator('#time .chart svg.narrow').first().isVisible()).toBe(false);
    expect(await page.locator('#host-table tbody tr').count()).toBe(15);
    expect(await page.locator('#details').isVisible()).toBe(false);
    await page.emulateMedia({ media: 'screen' });
    await page.locator('#host-1 > summary').click();
    await page.emulateMedia({ media: 'print' });
    expect(await page.locator('#host-1 .facts').isVisible()).toBe(true);
    expect(await page.locator('#host-2').isVisible()).toBe(false);
    await page.context().close();
  });

  it('prints the confirmed of more than 500 hosts, where the others are, and no hint for a screen', async () => {
    const audit = largeAudit(501);
    for (const host of audit.hosts.slice(7)) host.verdict = 'probable';
    const { page } = await open(audit);
    const hint = page.getByText('Click a header to sort');
    const paper = page.getByText('On paper: the 7 confirmed of 501 machines. hosts.csv has all.');
    expect([await hint.isVisible(), await paper.isVisible()]).toEqual([true, false]);
    await page.emulateMedia({ media: 'print' });
    await page.evaluate("dispatchEvent(new Event('beforeprint'))");
    expect([await hint.isVisible(), await paper.isVisible()]).toEqual([false, true]);
    expect(await page.locator('#host-table tbody tr:visible').count()).toBe(7);
    for (const part of ['.data', '.screen', '.controls', '.back'])
      expect(await page.locator(`${part}:visible`).count()).toBe(0);
    await page.context().close();
  });

  it('cuts no column on a phone', async () => {
    for (const audit of [sampleAudit(), largeAudit(15)]) {
      const { page } = await open(audit, { width: 390 });
      const cut = await page.evaluate(`[...document.querySelectorAll('.scroll')]
        .filter((each) => each.offsetParent !== null && each.scrollWidth > each.clientWidth + 1)
        .map((each) => each.scrollWidth + ' ' + each.clientWidth + ' ' + each.innerText.slice(0, 80))`);
      expect(cut).toEqual([]);
      await page.context().close();
    }
  });

  it('shows one chart of two on a phone, and rows as cards with their titles', async () => {
    const { page } = await open(sampleAudit(), { width: 390 });
    expect(await page.locator('#time svg.wide').first().isVisible()).toBe(false);
    expect(await page.locator('#time svg.narrow').first().isVisible()).toBe(true);
    expect(await styleOf(page, '#host-table tbody td:nth-child(2)', 'content', '::before')).toBe('"Since"');
    await page.context().close();
  });

  it('renders Chinese', async () => {
    const { page } = await open(sampleAudit(), { language: 'zh' });
    expect(await page.locator('h1').textContent()).toBe('“挖矿”活动监测分析报告');
    expect(await page.locator('#host-table thead').textContent()).toContain('算力（95% 置信区间）');
    // Glyphs of their own: a missing one is drawn as the same box as any other.
    const drawnAlike = await page.evaluate(`(() => {
      const context = document.createElement('canvas').getContext('2d');
      context.font = '40px sans-serif';
      const ink = (text) => {
        context.clearRect(0, 0, 300, 150);
        context.fillText(text, 10, 60);
        return context.getImageData(0, 0, 80, 80).data.join();
      };
      return ink('矿') === ink('池');
    })()`);
    expect(drawnAlike).toBe(false);
    await page.context().close();
  });
});
