import { readFileSync } from 'node:fs';
import { jest } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { projectPath } from '#project';
import { eventually } from '../support/eventually.js';
import type { Stack } from '../support/stack.js';
import { type Faults, describePage, launchChromium, openPage } from './browser.js';
import { textsOfLowContrast } from './contrast.js';
import { startManyModels } from './many-models.js';

jest.setTimeout(60_000);

describePage('the choice of model and version on the page', () => {
  let browser: Browser;
  let stack: Stack;
  let page: Page;
  let faults: Faults;

  beforeAll(async () => {
    [browser, stack] = await Promise.all([launchChromium(), startManyModels()]);
  }, 120_000);

  afterAll(async () => {
    await browser.close();
    await stack.close();
  });

  beforeEach(async () => {
    ({ page, faults } = await openPage(browser, stack.url));
  });

  afterEach(async () => {
    await page.context().close();
    expect(faults).toEqual({ strays: [], errors: [] });
  });

  const model = () => page.getByLabel('Model', { exact: true });
  const version = () => page.getByLabel('Version', { exact: true });
  const summary = () => page.getByRole('status').innerText();
  const says = (words: string) => page.getByRole('status').getByText(words).waitFor();
  const pick = () => page.getByRole('button', { name: 'pants', exact: true }).click();

  it('offers what serves, with the default chosen', async () => {
    expect(await model().locator('option').allInnerTexts()).toEqual(['clothing-model', 'other']);
    expect(await version().locator('option').allInnerTexts()).toEqual([
      'Default',
      'Version 2',
      'Version 1',
      'next (version 2)',
      'stable (version 1)',
    ]);
    expect([await model().inputValue(), await version().inputValue()]).toEqual([
      'clothing-model',
      '',
    ]);
    await pick();
    await says('clothing-model, version 2');
    expect(await textsOfLowContrast(page)).toEqual([]);
  });

  it('asks the chosen version, by number or label, about the picture that is shown', async () => {
    await pick();
    await says('clothing-model, version 2');
    await version().selectOption('Version 1');
    await says('clothing-model, version 1');
    await version().selectOption('next (version 2)');
    await says('clothing-model, version 2');
    expect(await summary()).toContain('Most likely pants');
  });

  it('hides the versions of a model that has one, and chooses none of another model', async () => {
    await version().selectOption('Version 2');
    await model().selectOption('other');
    await pick();
    await says('other, version 1');
    expect(await version().isVisible()).toBe(false);
    await model().selectOption('clothing-model');
    await version().waitFor();
    expect(await version().inputValue()).toBe('');
  });

  it('asks about several pictures as it asks about one', async () => {
    const buffer = readFileSync(projectPath('models', 'clothing-model', 'samples', 'hat.jpg'));
    await version().selectOption('stable (version 1)');
    const files = ['a.jpg', 'b.jpg'].map((name) => ({ name, mimeType: 'image/jpeg', buffer }));
    await page.getByLabel('Choose a file').setInputFiles(files);
    await says('By clothing-model, version 1.');
  });

  it('says so when the chosen version serves no more, and asks no other unnoticed', async () => {
    await version().selectOption('Version 1');
    await page.route('**/predict?*', (route) =>
      route.fulfill({ status: 404, json: { code: 'MODEL_NOT_FOUND' } }),
    );
    await pick();
    await page.getByText('This model or version is not served any more').waitFor();
    expect(await version().inputValue()).toBe('version=1');
  });

  it('offers a version that came into service since', async () => {
    let versions = ['1'];
    await page.route('**/v1/models/clothing-model', (route) =>
      route.fulfill({
        json: { model_version_status: versions.map((at) => ({ version: at, state: 'AVAILABLE' })) },
      }),
    );
    await page.reload({ waitUntil: 'networkidle' });
    expect(await version().isVisible()).toBe(false);
    versions = ['1', '2'];
    await pick();
    await eventually(
      () => version().isVisible(),
      (visible) => visible,
    );
  });
});
