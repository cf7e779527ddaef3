import { existsSync } from 'node:fs';
import { type Browser, type BrowserContextOptions, type Page, chromium } from 'playwright-core';

const chromiumPath = process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium';

/** `describe` with a browser; without one the tests are skipped and the name says why. */
export function describePage(name: string, tests: () => void): void {
  if (existsSync(chromiumPath)) describe(name, tests);
  else describe.skip(`${name} (skipped: no Chromium at ${chromiumPath}, see CHROMIUM_PATH)`, tests);
}

export function launchChromium(): Promise<Browser> {
  return chromium.launch({ executablePath: chromiumPath, args: ['--no-sandbox'] });
}

/** What a page did that it never may; all lists are empty on a good page. */
export interface Faults {
  /** Requests to another origin than the page's own. */
  strays: string[];
  /** Uncaught errors and console errors, violations of the Content-Security-Policy among them. */
  errors: string[];
}

/** A fresh page at `url`, loaded with its samples, and a list that fills with its faults. */
export async function openPage(
  browser: Browser,
  url: string,
  options?: BrowserContextOptions,
): Promise<{ page: Page; faults: Faults }> {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  page.setDefaultTimeout(15_000);
  const faults: Faults = { strays: [], errors: [] };
  const { origin } = new URL(url);
  page.on('request', (request) => {
    const target = request.url();
    const local = target.startsWith('blob:') || target.startsWith('data:');
    if (!local && new URL(target).origin !== origin) faults.strays.push(target);
  });
  page.on('pageerror', (error) => faults.errors.push(error.message));
  page.on('console', (message) => {
    // Chromium reports every 4xx and 5xx answer this way; the page's words about it are tested.
    const answer = message.text().startsWith('Failed to load resource');
    if (message.type() === 'error' && !answer) faults.errors.push(message.text());
  });
  await page.goto(url, { waitUntil: 'networkidle' });
  return { page, faults };
}
