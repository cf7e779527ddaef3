import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { join } from 'node:path';
import { pino } from 'pino';
import { stringify } from 'yaml';
import { loadCatalog, type CatalogEntry } from '#model-spec';
import { ConfigMapMount } from '../../../../test/support/config-map.js';
import { eventually } from '../../../../test/support/eventually.js';
import type { CatalogModel } from './catalog-model.js';
import { CatalogUpdater } from './catalog-updater.js';
import { ModelCatalog } from './model-catalog.js';
import type { ModelMonitor } from './model-monitor.js';

const INTERVAL_MS = 10;

const spec = (name: string, labels = ['a', 'b']): string =>
  stringify({ name, image: { size: [9, 9], scaling: 'tf' }, scores: 'logits', labels });

let mount: ConfigMapMount;
let catalog: ModelCatalog;
let updater: CatalogUpdater;
let watched: Set<CatalogModel>;
let forgotten: string[];
let log: string[];

beforeEach(async () => {
  mount = new ConfigMapMount({ 'main.yaml': spec('main'), 'other.yaml': spec('other') });
  watched = new Set();
  forgotten = [];
  const own: string[] = [];
  log = own;
  const create = (entry: CatalogEntry) => ({ entry, spec: entry.spec }) as CatalogModel;
  const entries = await loadCatalog(mount.path);
  catalog = new ModelCatalog([...entries.values()].map(create), 'main');
  const monitor = {
    watch: (model: CatalogModel) => watched.add(model),
    unwatch: (model: CatalogModel) => watched.delete(model),
  } as unknown as ModelMonitor;
  updater = new CatalogUpdater(catalog, monitor, pino({}, { write: (line) => own.push(line) }), {
    folder: mount.path,
    create,
    forget: (name) => forgotten.push(name),
    intervalMs: INTERVAL_MS,
  });
});

afterEach(() => {
  updater.stop();
  mount.delete();
});

const names = () => Promise.resolve(catalog.all().map((model) => model.spec.name));
const faults = () => Promise.resolve(Object.fromEntries(catalog.faults));
const candidates = () => Promise.resolve([...catalog.candidates.keys()]);
const looks = () => sleep(INTERVAL_MS * 20);

describe('a folder of specs that changes', () => {
  it('brings a new model in, and has it watched', async () => {
    mount.update({
      'main.yaml': spec('main'),
      'other.yaml': spec('other'),
      'new.yaml': spec('new'),
    });
    await eventually(names, (them) => them.includes('new'));
    expect([...watched].map((model) => model.spec.name)).toEqual(['new']);
  });

  it('takes a removed model out, and what waited to take its place', async () => {
    mount.update({ 'main.yaml': spec('main'), 'other.yaml': spec('other', ['c', 'd']) });
    await eventually(candidates, (them) => them.includes('other'));
    mount.update({ 'main.yaml': spec('main') });
    await eventually(names, (them) => !them.includes('other'));
    expect(await candidates()).toEqual([]);
    expect(watched.size).toBe(0);
    expect(forgotten).toEqual(['other']);
  });

  it('leaves the model as it is until its changed spec is verified', async () => {
    mount.update({ 'main.yaml': spec('main', ['c', 'd']), 'other.yaml': spec('other') });
    await eventually(candidates, (them) => them.length > 0);
    expect(catalog.defaultModel.spec.labels).toEqual(['a', 'b']);
    expect([...watched].map((model) => model.spec.labels)).toEqual([['c', 'd']]);
  });

  it('forgets a change that is taken back or changed again', async () => {
    const change = (labels: string[]): void => {
      mount.update({ 'main.yaml': spec('main', labels), 'other.yaml': spec('other') });
    };
    change(['c', 'd']);
    await eventually(candidates, (them) => them.length > 0);
    change(['e', 'f']);
    await eventually(
      () => Promise.resolve([...watched].map((model) => model.spec.labels.join(''))),
      (labels) => labels.join() === 'ef',
    );
    change(['a', 'b']);
    await eventually(candidates, (them) => them.length === 0);
    expect(watched.size).toBe(0);
  });

  it('does nothing where only a comment changes', async () => {
    mount.update({ 'main.yaml': `# new\n${spec('main')}`, 'other.yaml': spec('other') });
    await looks();
    expect(log).toEqual([]);
    expect(watched.size).toBe(0);
  });
});

describe('a spec that cannot be used', () => {
  it.each([
    ['is not YAML', '{', /YAML/],
    ['lacks a field', 'name: other\n', /labels/],
    ['has the name of another', spec('main'), /second model of the name main/],
  ])('changes nothing where it %s, and is named once', async (_name, text, words) => {
    mount.update({ 'main.yaml': spec('main'), 'other.yaml': text });
    const told = await eventually(faults, (them) => Object.keys(them).length > 0);
    expect(told['spec other.yaml']).toMatch(words);
    await looks();
    expect(await names()).toEqual(['main', 'other']);
    expect(log.filter((line) => line.includes('other.yaml'))).toHaveLength(1);

    mount.update({ 'main.yaml': spec('main'), 'other.yaml': spec('other') });
    await eventually(faults, (them) => Object.keys(them).length === 0);
  });

  it('does not push out the model whose name it takes', async () => {
    mount.update({
      'a.yaml': spec('main', ['x']),
      'main.yaml': spec('main'),
      'other.yaml': spec('other'),
    });
    const told = await eventually(faults, (them) => Object.keys(them).length > 0);
    expect(told).toEqual({ 'spec a.yaml': 'a second model of the name main' });
    expect(await candidates()).toEqual([]);
  });
});

describe('the default model', () => {
  it('stays where its spec is removed, and that is told', async () => {
    mount.update({ 'other.yaml': spec('other') });
    const told = await eventually(faults, (them) => Object.keys(them).length > 0);
    expect(told['spec main.yaml']).toMatch(/main stays.*default/);
    expect(await names()).toEqual(['main', 'other']);
    expect(log.join('')).toContain('main stays');
  });

  it('stays where the whole folder is gone, as do the others', async () => {
    const away = `${mount.path}-away`;
    renameSync(mount.path, away);
    await eventually(faults, (them) => Object.keys(them).length > 0);
    await looks();
    expect(await names()).toEqual(['main', 'other']);
    renameSync(away, mount.path);
    await eventually(faults, (them) => Object.keys(them).length === 0);
  });
});

describe('a folder for each model', () => {
  it('is found when it is made, and its model goes with it', async () => {
    const folder = join(mount.path, 'third');
    mkdirSync(folder);
    writeFileSync(join(folder, 'model.yaml'), spec('third'));
    await eventually(names, (them) => them.includes('third'));
    rmSync(folder, { recursive: true });
    await eventually(names, (them) => !them.includes('third'));
  });
});
