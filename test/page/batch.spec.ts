import { readFileSync } from 'node:fs';
import { jest } from '@jest/globals';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { projectPath } from '#project';
import { eventually } from '../support/eventually.js';
import { type Stack, startStack } from '../support/stack.js';
import { type Faults, describePage, launchChromium, openPage } from './browser.js';
import { textsOfLowContrast } from './contrast.js';

jest.setTimeout(60_000);

const MAX_BYTES = 200_000;
const KEY = 'right-0123456789';

const read = (name: string): Buffer =>
  readFileSync(projectPath('models', 'clothing-model', 'samples', `${name}.jpg`));
const jpeg = (name: string, buffer: Buffer) => ({ name, mimeType: 'image/jpeg', buffer });

describePage('several pictures on the page', () => {
  let browser: Browser;
  let stack: Stack;
  let page: Page;
  let faults: Faults;
  /** How many images each request held. */
  let requests: number[];

  const hat = read('hat');
  const many = (count: number) =>
    Array.from({ length: count }, (_, at) => jpeg(`hat ${at + 1}.jpg`, hat));

  beforeAll(async () => {
    [browser, stack] = await Promise.all([
      launchChromium(),
      startStack({ IMAGE_MAX_BYTES: String(MAX_BYTES), BATCH_MAX_IMAGES: '3' }),
    ]);
  }, 120_000);

  afterAll(async () => {
    await browser.close();
    await stack.close();
  });

  afterEach(async () => {
    await page.context().close();
    expect(faults).toEqual({ strays: [], errors: [] });
  });

  const open = async (options?: BrowserContextOptions, url = stack.url): Promise<void> => {
    ({ page, faults } = await openPage(browser, url, options));
    requests = [];
    // The browser tells what it sends where its requests are looked at.
    await page.route('**/predict/batch?*', (route) => route.continue());
    page.on('request', (request) => {
      if (!request.url().includes('/predict/batch')) return;
      const body = request.postDataBuffer()?.toString() ?? '';
      requests.push(body.split('"image":').length - 1);
    });
  };
  const choose = (files: ReturnType<typeof jpeg>[]) =>
    page.getByLabel('Choose a file').setInputFiles(files);
  const says = (words: string) => page.getByRole('status').getByText(words).waitFor();
  const cells = () =>
    page
      .locator('#batch-rows tr')
      .evaluateAll((rows) =>
        rows.map((row) => (row as unknown as { innerText: string }).innerText),
      );
  const download = async (): Promise<string> => {
    const [file] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Download as CSV' }).click(),
    ]);
    expect(file.suggestedFilename()).toBe('predictions.csv');
    return readFileSync(await file.path(), 'utf8');
  };

  it('each have their class or what is wrong with them, in as many requests as it takes', async () => {
    await open();
    await choose([
      jpeg('pants.jpg', read('pants')),
      jpeg('=cut, "here".jpg', hat.subarray(0, 3000)),
      jpeg('notes.jpg', Buffer.from('Dear diary')),
      jpeg('large.jpg', Buffer.alloc(MAX_BYTES + 1)),
      jpeg('empty.jpg', Buffer.alloc(0)),
      jpeg('skirt.jpg', read('skirt')),
      jpeg('hat.jpg', hat),
    ]);
    await says('3 of 7 pictures classified');

    const [pants, cut, notes, large, empty, skirt, last] = await cells();
    expect(pants).toMatch(/^pants\.jpg\s+pants\s+\d+\.\d%$/);
    expect(cut).toContain('The picture is damaged');
    expect(notes).toContain('This is not a picture the service can read');
    expect(notes).not.toContain('link');
    expect(large).toContain('The picture is too large');
    expect(empty).toContain('The service could not use that');
    expect(skirt).toMatch(/skirt\s+\d+\.\d%$/);
    expect(last).toMatch(/hat\s+\d+\.\d%$/);
    // Three at most; the one that is too large is not sent.
    expect(requests).toEqual([3, 2, 1]);
    expect(await page.getByLabel('Pictures that are done').getAttribute('value')).toBe('7');

    const rows = (await download()).split('\r\n');
    expect(rows[0]).toBe('\uFEFFfile,class,probability,model,version,problem');
    expect(rows[1]).toMatch(/^pants\.jpg,pants,0\.\d+,clothing-model,1,$/);
    expect(rows[2]).toBe(`"'=cut, ""here"".jpg",,,,,IMAGE_UNDECODABLE: The picture is damaged`);
    expect(rows).toHaveLength(9);
  });

  it('are shown small, and keep no picture in memory', async () => {
    await open();
    await page.evaluate(`(() => {
      const { createObjectURL, revokeObjectURL } = URL;
      globalThis.held = new Set();
      URL.createObjectURL = (blob) => {
        const url = createObjectURL.call(URL, blob);
        held.add(url);
        return url;
      };
      URL.revokeObjectURL = (url) => {
        held.delete(url);
        revokeObjectURL.call(URL, url);
      };
    })()`);
    const held = () => page.evaluate<number>('held.size');
    await choose(many(1));
    await says('Most likely hat');
    expect(await held()).toBe(1);
    await choose(many(2));
    await says('2 of 2 pictures classified');
    expect(await held()).toBe(0);
    await eventually(
      () => page.evaluate<number>(`document.querySelectorAll('canvas[width="96"]').length`),
      (drawn) => drawn === 2,
    );
    await download();
    await eventually(held, (count) => count === 0);
    await page.getByRole('button', { name: 'pants', exact: true }).click();
    await says('Most likely pants');
    expect(await page.locator('canvas').count()).toBe(0);
  });

  it('wait as long as the service asks, and say so', async () => {
    await open();
    let refusals = 0;
    await page.route('**/predict/batch?*', async (route) => {
      if (requests.length !== 2 || refusals++ > 0) return route.continue();
      return route.fulfill({
        status: 429,
        headers: { 'retry-after': '1' },
        json: { code: 'RATE_LIMITED' },
      });
    });
    await choose(many(5));
    await says('Too many pictures in a short time. Going on in 1 s, as the service asks.');
    expect(await page.locator('#progress-text').innerText()).toBe('3 of 5');
    await says('5 of 5 pictures classified');
    expect(requests).toEqual([3, 2, 2]);
  });

  it('stop when told, and go on with those that are left', async () => {
    await open();
    await page.route('**/predict/batch?*', async (route) => {
      if (requests.length === 2) {
        await route.fulfill({
          status: 503,
          headers: { 'retry-after': '200' },
          json: { code: 'OVERLOADED' },
        });
      } else await route.continue();
    });
    await choose(many(5));
    await says('The service is busy. Going on in 200 s, as the service asks.');
    await page.getByRole('button', { name: 'Stop' }).click();
    await says('3 of 5 pictures classified');
    await says('2 not asked about yet.');
    await page.getByRole('button', { name: 'Go on' }).click();
    await says('5 of 5 pictures classified');
    expect(requests).toEqual([3, 2, 2]);
  });

  it('keep what is known when a request fails, and ask again for the rest alone', async () => {
    await open();
    await page.route('**/predict/batch?*', (route) =>
      requests.length === 2
        ? route.fulfill({ status: 502, json: { code: 'MODEL_FAILED' } })
        : route.continue(),
    );
    await choose(many(5));
    await page.getByRole('button', { name: 'Try again' }).click();
    await says('5 of 5 pictures classified');
    expect(requests).toEqual([3, 2, 2]);
    expect(await page.getByRole('button', { name: 'Try again' }).isVisible()).toBe(false);
  });

  it('give way to a newer picture', async () => {
    await open();
    await page.route('**/predict/batch?*', (route) =>
      route.fulfill({
        status: 429,
        headers: { 'retry-after': '100' },
        json: { code: 'RATE_LIMITED' },
      }),
    );
    await choose(many(2));
    await says('Going on in 100 s');
    await page.getByRole('button', { name: 'pants', exact: true }).click();
    await says('Most likely pants');
    expect(await page.getByRole('table').isVisible()).toBe(false);
    expect(requests).toEqual([2]);
  });

  it('ask for the API key where one is set', async () => {
    const guarded = await startStack({ API_KEYS: KEY, RATE_LIMIT_PER_MINUTE: '600' });
    try {
      await open({}, guarded.url);
      await choose(many(2));
      await page.getByText('An API key is needed').waitFor();
      await page.keyboard.type(KEY);
      await page.keyboard.press('Enter');
      await says('2 of 2 pictures classified');
    } finally {
      await guarded.close();
    }
  });

  it.each([
    { colorScheme: 'light', viewport: { width: 360, height: 740 } },
    { colorScheme: 'dark', viewport: { width: 1440, height: 900 } },
  ] as const)('can be read by everybody: $colorScheme, $viewport.width px', async (options) => {
    await open(options);
    await choose([jpeg(`${'long'.repeat(30)}.jpg`, hat), jpeg('notes.jpg', Buffer.from('notes'))]);
    await says('1 of 2 pictures classified');

    expect(await textsOfLowContrast(page)).toEqual([]);
    expect(await page.evaluate('document.documentElement.scrollWidth - innerWidth')).toBe(0);
    const table = page.getByRole('table', { name: 'Pictures and their most likely classes' });
    expect(await table.getByRole('columnheader').allInnerTexts()).toEqual([
      'Picture',
      'Class',
      'Probability',
    ]);
    expect(await table.getByRole('rowheader').count()).toBe(2);
    expect(await page.locator('body').ariaSnapshot()).not.toMatch(
      /^\s*- (button|link|textbox|img|combobox|progressbar)(:|$)/m,
    );
  });
});
