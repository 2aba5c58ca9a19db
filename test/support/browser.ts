/**
 * A real browser without a window, for tests of pages: Chromium of the system, from CHROMIUM_PATH or Debian's place.
 * Where there is none, `chromiumPath` is null and the tests that need it say so.
 */
import { existsSync } from 'node:fs';
import { type Browser, chromium, type Page } from 'playwright-core';

const PLACES = [
  process.env.CHROMIUM_PATH ?? '',
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
];

export const chromiumPath: string | null = PLACES.find((place) => place !== '' && existsSync(place)) ?? null;

export async function openBrowser(): Promise<Browser> {
  if (chromiumPath === null) throw new Error('no Chromium');
  // Root and containers have no sandbox of their own to give; the pages are ours.
  return chromium.launch({ executablePath: chromiumPath, args: ['--no-sandbox'] });
}

/** What a page did that nobody wants: messages of the console, errors, requests for anything but itself. */
export interface Misdeeds {
  readonly messages: string[];
  readonly requests: string[];
}

/** Notes the misdeeds of a page from now on. Requests that leave are refused. */
export async function watch(page: Page): Promise<Misdeeds> {
  const misdeeds: Misdeeds = { messages: [], requests: [] };
  page.on('console', (message) => misdeeds.messages.push(`${message.type()}: ${message.text()}`));
  page.on('pageerror', (error) => misdeeds.messages.push(error.message));
  page.on('dialog', (dialog) => {
    misdeeds.messages.push(`dialog: ${dialog.message()}`);
    dialog.dismiss().catch(() => undefined);
  });
  await page.route('**/*', async (route) => {
    if (route.request().url().startsWith('file:') && route.request().isNavigationRequest())
      return route.continue();
    misdeeds.requests.push(route.request().url());
    return route.abort();
  });
  return misdeeds;
}
