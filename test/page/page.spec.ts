import { readFileSync } from 'node:fs';
import { jest } from '@jest/globals';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { projectPath } from '#project';
import { eventually } from '../support/eventually.js';
import { gradientWebp } from '../support/images.js';
import { type Stack, startStack } from '../support/stack.js';
import { type Faults, describePage, launchChromium, openPage } from './browser.js';
import { textsOfLowContrast } from './contrast.js';
import { type PictureSite, startPictureSite } from './picture-site.js';

jest.setTimeout(60_000);

const samplePath = (name: string): string =>
  projectPath('models', 'clothing-model', 'samples', `${name}.jpg`);
const pants = readFileSync(samplePath('pants'));

describePage('the web page', () => {
  let browser: Browser;
  let site: PictureSite;
  let stack: Stack;
  let page: Page;
  let faults: Faults;

  beforeAll(async () => {
    site = await startPictureSite(pants);
    [browser, stack] = await Promise.all([
      launchChromium(),
      startStack({ IMAGE_FETCH_ALLOW: '127.0.0.1', IMAGE_MAX_BYTES: '200000' }),
    ]);
  }, 120_000);

  afterAll(async () => {
    await browser.close();
    await stack.close();
    await site.close();
  });

  afterEach(async () => {
    site.release();
    await page.context().close();
    expect(faults).toEqual({ strays: [], errors: [] });
  });

  const open = async (options?: BrowserContextOptions): Promise<void> => {
    ({ page, faults } = await openPage(browser, stack.url, options));
  };
  const sample = (name: string) => page.getByRole('button', { name, exact: true });
  const summary = () => page.getByRole('status').innerText();
  const rows = () => page.getByRole('list', { name: 'Classes, most likely first' }).locator('li');
  const problemTitle = () => page.getByRole('alert').locator('p').first().innerText();
  const submitLink = async (link: string): Promise<void> => {
    await page.getByLabel('Link to a picture').fill(link);
    await page.keyboard.press('Enter');
  };
  const chooseFile = (name: string, buffer: Buffer, mimeType = 'image/jpeg') =>
    page.getByLabel('Choose a file').setInputFiles({ name, mimeType, buffer });
  const answered = () => rows().first().waitFor();

  describe('classifies', () => {
    beforeEach(() => open());

    it('a sample, and shows a bar for each class, best first', async () => {
      await sample('pants').click();
      await answered();

      expect(await summary()).toMatch(
        /^Most likely pants\s+\d+\.\d% probability, answered in \d+ ms\s+clothing-model, version 1$/,
      );
      const texts = await rows().allInnerTexts();
      const percents = texts.map((text) => Number(/(\d+\.\d)%$/.exec(text)?.[1]));
      expect(texts).toHaveLength(10);
      expect(texts[0]).toMatch(/^pants/);
      expect(percents).toEqual([...percents].sort((a, b) => b - a));
      const total = percents.reduce((sum, percent) => sum + percent, 0);
      expect(Math.abs(total - 100)).toBeLessThan(1);
      const widths = await page.evaluate<number[]>(
        `[...document.querySelectorAll('#score-list .bar')].map((bar) => bar.offsetWidth)`,
      );
      expect(widths[0]).toBeGreaterThan(widths[1]!);
      expect(await sample('pants').getAttribute('aria-pressed')).toBe('true');
      expect(await page.getByAltText('The picture: pants').isVisible()).toBe(true);
    });

    it('a link, without asking its host for anything itself', async () => {
      await submitLink(`${site.url}/pants.jpg`);
      await answered();

      expect(await summary()).toContain('Most likely pants');
      expect(await page.locator('figcaption').innerText()).toBe(`${site.url}/pants.jpg`);
      expect(await page.locator('#preview').isVisible()).toBe(false);
    });

    it('a chosen file, the same one twice too', async () => {
      for (const name of ['first.jpg', 'first.jpg']) {
        await chooseFile(name, pants);
        await answered();
        expect(await summary()).toContain('Most likely pants');
        expect(await page.getByAltText(`The picture: ${name}`).isVisible()).toBe(true);
        // A field that still held the file would not notice it being chosen again.
        expect(await page.getByLabel('Choose a file').inputValue()).toBe('');
      }
    });

    it('a file of unknown type by its content', async () => {
      await chooseFile('pants', pants, '');
      await answered();

      expect(await summary()).toContain('Most likely pants');
    });

    it('a file dropped anywhere on the page', async () => {
      const dataTransfer = await page.evaluateHandle(`(async () => {
        const picture = await (await fetch('/samples/pants.jpg')).blob();
        const transfer = new DataTransfer();
        transfer.items.add(new File([picture], 'dropped.jpg', { type: 'image/jpeg' }));
        return transfer;
      })()`);
      await page.dispatchEvent('h1', 'dragover', { dataTransfer });
      expect(await page.getByText('Drop pictures to classify them').isVisible()).toBe(true);
      await page.dispatchEvent('h1', 'drop', { dataTransfer });
      await answered();

      expect(await page.getByText('Drop pictures to classify them').isVisible()).toBe(false);
      expect(await page.locator('figcaption').innerText()).toBe('dropped.jpg');
      expect(await summary()).toContain('Most likely pants');
    });

    it('a link dragged in from another page', async () => {
      const dataTransfer = await page.evaluateHandle(`(() => {
        const transfer = new DataTransfer();
        transfer.setData('text/uri-list', '# a comment\\r\\n${site.url}/dragged.jpg\\r\\n');
        return transfer;
      })()`);
      await page.dispatchEvent('main', 'drop', { dataTransfer });
      await answered();

      expect(await page.locator('figcaption').innerText()).toBe(`${site.url}/dragged.jpg`);
    });

    it('a picture pasted from the clipboard', async () => {
      await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
      await page.evaluate(`(async () => {
        const picture = await (await fetch('/samples/pants.jpg')).blob();
        const bitmap = await createImageBitmap(picture);
        const canvas = new OffscreenCanvas(240, 280);
        canvas.getContext('2d').drawImage(bitmap, 0, 0, 240, 280);
        const png = await canvas.convertToBlob({ type: 'image/png' });
        await navigator.clipboard.write([new ClipboardItem({ 'image/png': png })]);
      })()`);
      await page.keyboard.press('Control+V');
      await answered();

      expect(await page.getByAltText(/^The picture: /).isVisible()).toBe(true);
      expect(await summary()).toContain('Most likely');
    });

    it('with a model of any number of classes, whose names are never markup', async () => {
      const scores = Object.fromEntries(
        Array.from({ length: 1000 }, (_, at) => [
          `<b>class</b> ${at}`,
          at === 700 ? 0.4 : 0.6 / 999,
        ]),
      );
      await page.route('**/predict', (route) => route.fulfill({ json: scores }));
      await sample('pants').click();
      await answered();

      expect(await summary()).toContain('Not sure, perhaps <b>class</b> 700');
      expect(await rows().count()).toBe(10);
      await page.getByRole('button', { name: 'Show all 1000 classes' }).click();
      expect(await rows().count()).toBe(1000);
    });
  });

  describe('tells where the time went', () => {
    beforeEach(() => open());

    const stages = async (): Promise<string[]> => {
      const list = page.getByRole('list', { name: 'Where the time went' });
      await list.waitFor();
      const texts = await list.locator('li').allInnerTexts();
      return texts.map((text) => /^(.*?)\s+[\d.]+ ms$/.exec(text)?.[1] ?? text);
    };
    const rest = [
      'Model',
      'Receiving and waiting',
      'In the service, in all',
      'Network and browser',
    ];

    it('in the stages that there were, two of them told as the one pass that they are', async () => {
      await sample('pants').click();
      await answered();
      expect(await stages()).toEqual(['Decode and resize, in one pass', ...rest]);

      await chooseFile('drawn.webp', await gradientWebp(), 'image/webp');
      await page.getByAltText('The picture: drawn.webp').waitFor();
      await answered();
      expect(await stages()).toEqual(['Decode', 'Resize', ...rest]);

      await submitLink(`${site.url}/pants.jpg`);
      await answered();
      expect(await stages()).toEqual(['Fetch the link', 'Decode and resize, in one pass', ...rest]);
    });

    it('as the service says, and beside it what only the browser has waited', async () => {
      await page.route('**/predict', (route) =>
        route.fulfill({
          headers: { 'server-timing': 'decode;dur=2, resize;dur=1.5, infer;dur=4, total;dur=10' },
          json: { pants: 1 },
        }),
      );
      await sample('pants').click();
      await answered();
      const list = page.getByRole('list', { name: 'Where the time went' });
      const text = (await list.innerText()).replace(/\s+/g, ' ');
      expect(text).toContain(
        'Decode 2.0 ms Resize 1.5 ms Model 4.0 ms Receiving and waiting 2.5 ms In the service, in all 10.0 ms',
      );
      const waited = Number(/answered in (\d+) ms/.exec(await summary())?.[1]);
      const network = Number(/Network and browser ([\d.]+) ms$/.exec(text)?.[1]);
      expect(Math.abs(network - Math.max(waited - 10, 0))).toBeLessThanOrEqual(1);
    });

    it('also where the answer was known, and not at all where a proxy keeps it back', async () => {
      let headers: Record<string, string> = { 'server-timing': 'total;dur=1' };
      await page.route('**/predict', (route) => route.fulfill({ headers, json: { pants: 1 } }));
      await sample('pants').click();
      await answered();
      expect(await page.getByText('did not ask the model').isVisible()).toBe(true);
      expect(await stages()).toEqual(rest.slice(1));

      headers = {};
      await sample('hat').click();
      await answered();
      expect(await page.getByText('Where the time went').isVisible()).toBe(false);
    });
  });

  describe('says in plain words what went wrong', () => {
    beforeEach(() => open());

    it.each([
      {
        name: 'a link that is not public',
        act: () => submitLink('http://169.254.169.254/latest/meta-data/'),
        title: 'This link is not allowed',
      },
      {
        name: 'a link of another scheme',
        act: () => submitLink('file:///etc/passwd'),
        title: 'This link is not allowed',
      },
      {
        name: 'a link that leads nowhere',
        act: () => submitLink(`${site.url}/missing.jpg`),
        title: 'The picture could not be fetched',
      },
      {
        name: 'a file that is no picture',
        act: () => chooseFile('notes.txt', Buffer.from('Dear diary'.repeat(50)), 'text/plain'),
        title: 'This is not a picture the service can read',
      },
      {
        name: 'a broken picture',
        act: () => chooseFile('cut.jpg', pants.subarray(0, 9000)),
        title: 'The picture is damaged',
      },
      {
        name: 'a picture that is too large',
        act: () => chooseFile('large.jpg', Buffer.concat([pants, Buffer.alloc(200_000)])),
        title: 'The picture is too large',
      },
      {
        name: 'an empty file',
        act: () => chooseFile('empty.jpg', Buffer.alloc(0)),
        title: 'The service could not use that',
      },
    ])('$name', async ({ act, title }) => {
      await sample('pants').click();
      await answered();
      await act();
      await page.getByText(title).waitFor();

      expect(await problemTitle()).toBe(title);
      expect(await page.getByRole('alert').locator('p').nth(1).innerText()).toMatch(/\w/);
      expect(await page.locator('#small-print').innerText()).toMatch(/Request [\w.-]+$/);
      expect(await rows().count()).toBe(0);
      expect(await summary()).toBe('');

      await sample('pants').click();
      await answered();
      expect(await page.getByText(title).isVisible()).toBe(false);
    });

    it('an answer that is not the service’s, such as a proxy’s page', async () => {
      await page.route('**/predict', (route) =>
        route.fulfill({ status: 502, contentType: 'text/html', body: '<h1>Bad Gateway</h1>' }),
      );
      await sample('pants').click();
      await page.getByText('Something went wrong').waitFor();

      await page.unroute('**/predict');
      await page.getByRole('button', { name: 'Try again' }).click();
      await answered();
      expect(await summary()).toContain('Most likely pants');
    });

    it('a limit reached, with the wait that the service asks for', async () => {
      await page.route('**/predict', (route) =>
        route.fulfill({
          status: 429,
          headers: { 'retry-after': '17' },
          contentType: 'application/problem+json',
          json: { title: 'Too Many Requests', status: 429, code: 'RATE_LIMITED' },
        }),
      );
      await sample('pants').click();
      await page.getByText('Too many pictures in a short time').waitFor();

      expect(await page.getByRole('alert').innerText()).toContain('Try again in 17 s.');
    });

    it('no link at all, without asking the service', async () => {
      const asked: string[] = [];
      page.on('request', (request) => asked.push(request.url()));
      await submitLink('   ');

      expect(await page.evaluate(`document.getElementById('link').validity.valid`)).toBe(false);
      expect(asked).toEqual([]);
    });
  });

  describe('shows only what was asked last', () => {
    beforeEach(() => open());

    it('when a newer picture overtakes a slow one', async () => {
      await submitLink(`${site.url}/held.jpg`);
      await page.getByText('Classifying…').waitFor();
      const cancelled = page.waitForEvent('requestfailed');
      await sample('skirt').click();
      expect(new URL((await cancelled).url()).pathname).toBe('/predict');
      await answered();
      site.release();
      await page.waitForLoadState('networkidle');

      expect(await summary()).toContain('Most likely skirt');
      expect(await page.locator('figcaption').innerText()).toBe('skirt');
    });

    it('when a link is submitted twice', async () => {
      const answers: number[] = [];
      page.on('response', (response) => {
        if (response.url().endsWith('/predict')) answers.push(response.status());
      });
      await submitLink(`${site.url}/held.jpg`);
      await page.getByText('Classifying…').waitFor();
      await submitLink(`${site.url}/pants.jpg`);
      await answered();

      expect(await rows().count()).toBe(10);
      expect(answers).toEqual([200]);
    });
  });

  describe('is for everybody', () => {
    it('works by keyboard alone, in the order of the page, with a visible focus', async () => {
      await open();
      const focused = () =>
        page.evaluate<{ what: string; outlined: boolean }>(`(() => {
          const at = document.activeElement;
          const ring = getComputedStyle(at.closest('.drop') ?? at);
          const what = at.labels?.[0]?.innerText.split('\\n')[0] ?? at.innerText;
          return { what, outlined: ring.outlineStyle !== 'none' && parseFloat(ring.outlineWidth) >= 2 };
        })()`);
      const order = [];
      for (let press = 0; press < 5; press++) {
        await page.keyboard.press('Tab');
        order.push(await focused());
      }
      expect(order).toEqual(
        ['API docs', 'Choose a file or several', 'Link to a picture', 'Classify', 'dress'].map(
          (what) => ({
            what,
            outlined: true,
          }),
        ),
      );
      await page.keyboard.press('Enter');
      await answered();

      expect(await summary()).toContain('Most likely dress');
      expect((await focused()).what).toBe('dress');
    });

    it('hides a choice of models and versions that there is not', async () => {
      await open();
      expect(await page.getByRole('combobox').count()).toBe(0);
    });

    it('names every control and picture, and has one heading above all', async () => {
      await open();
      await sample('pants').click();
      await answered();

      const tree = await page.locator('body').ariaSnapshot();
      expect(tree).not.toMatch(/^\s*- (button|link|textbox|img)(:|$)/m);
      expect(await page.getByRole('heading', { level: 1 }).allInnerTexts()).toEqual([
        'Image classifier',
      ]);
      expect(await page.getByRole('main').count()).toBe(1);
      expect(await page.getByRole('region').allInnerTexts()).toHaveLength(2);
      expect(await page.locator('html').getAttribute('lang')).toBe('en');
      expect(await page.getByRole('link', { name: 'API docs' }).getAttribute('href')).toBe('/docs');
    });

    it('tells assistive technology that it is at work, then what came of it', async () => {
      await open();
      const region = page.getByRole('region', { name: 'Result' });
      await submitLink(`${site.url}/held.jpg`);
      await page.getByRole('status').getByText('Classifying…').waitFor();
      expect(await region.getAttribute('aria-busy')).toBe('true');
      site.release();
      await answered();

      expect(await region.getAttribute('aria-busy')).toBe('false');
      expect(await page.getByRole('status').getAttribute('aria-atomic')).toBe('true');
    });

    it.each(['light', 'dark'] as const)(
      'has enough contrast in its %s colours',
      async (colorScheme) => {
        await open({ colorScheme });
        expect(await textsOfLowContrast(page)).toEqual([]);
        await sample('pants').click();
        await answered();
        expect(await textsOfLowContrast(page)).toEqual([]);
        await submitLink(`${site.url}/missing.jpg`);
        await page.getByRole('button', { name: 'Try again' }).waitFor();
        expect(await textsOfLowContrast(page)).toEqual([]);
      },
    );

    it('moves nothing for those who asked for less motion', async () => {
      await open({ reducedMotion: 'reduce' });
      await sample('pants').click();
      await answered();

      expect(
        await page.evaluate(`getComputedStyle(document.querySelector('.bar')).animationName`),
      ).toBe('none');
    });

    it('never scrolls sideways on a phone 320 px wide', async () => {
      await open({ viewport: { width: 320, height: 640 } });
      const overflow = () =>
        page.evaluate<number>('document.documentElement.scrollWidth - innerWidth');
      expect(await overflow()).toBeLessThanOrEqual(0);
      await sample('longsleeve').click();
      await answered();
      expect(await overflow()).toBeLessThanOrEqual(0);
      // The way there is animated.
      await eventually(
        () =>
          page.evaluate<boolean>(
            `document.getElementById('result-title').getBoundingClientRect().top < innerHeight`,
          ),
        (visible) => visible,
      );
      await submitLink(`${site.url}/missing/${'x'.repeat(300)}.jpg`);
      await page.getByText('The picture could not be fetched').waitFor();
      expect(await overflow()).toBeLessThanOrEqual(0);
    });
  });

  it('asks for the API key where one is set, for another where it is wrong, and keeps it', async () => {
    const key = 'right-0123456789';
    const guarded = await startStack({ API_KEYS: key });
    const enterKey = async (text: string): Promise<void> => {
      // The field has the focus already.
      await page.keyboard.type(text);
      await page.keyboard.press('Enter');
    };
    try {
      ({ page, faults } = await openPage(browser, guarded.url));
      await sample('pants').click();
      await page.getByText('An API key is needed').waitFor();
      await enterKey('wrong-0123456789');
      await page.getByText('This API key was not accepted').waitFor();
      await enterKey(key);
      await answered();
      expect(await summary()).toContain('Most likely pants');
      expect(await page.getByLabel('API key').isVisible()).toBe(false);

      await sample('skirt').click();
      await page.getByText('Most likely skirt').waitFor();
      await chooseFile('pants.jpg', pants);
      await page.getByText('Most likely pants').waitFor();
    } finally {
      await guarded.close();
    }
  });

  it('says when the service is gone, and keeps no answer of before', async () => {
    const brief = await startStack();
    try {
      ({ page, faults } = await openPage(browser, brief.url));
      await sample('pants').click();
      await answered();
    } finally {
      await brief.close();
    }
    await chooseFile('pants.jpg', pants);
    await page.getByText('The service could not be reached').waitFor();

    expect(await rows().count()).toBe(0);
    expect(await page.getByRole('button', { name: 'Try again' }).isVisible()).toBe(true);
  });
});
