import type { Browser } from 'playwright-core';
import { startStack, type Stack } from '../support/stack.js';
import { describePage, launchChromium, openPage } from './browser.js';

describePage('the page of the API', () => {
  let stack: Stack;
  let browser: Browser;

  beforeAll(async () => {
    [stack, browser] = await Promise.all([startStack(), launchChromium()]);
  });

  afterAll(async () => {
    await browser.close();
    await stack.close();
  });

  it('shows every operation, loads nothing from elsewhere and breaks no policy', async () => {
    const url = new URL('/docs', stack.url).href;
    const { page, faults } = await openPage(browser, url);
    const response = await fetch(new URL('/openapi.json', stack.url));
    const { paths } = (await response.json()) as { paths: Record<string, object> };
    const operations = Object.values(paths).flatMap((methods) => Object.keys(methods));
    await page.locator('.opblock').first().waitFor();
    expect(await page.locator('.opblock').count()).toBe(operations.length);
    expect(faults).toEqual({ strays: [], errors: [] });
  });
});
