import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ConfigError, type Environment } from '#config';
import { readSetup } from './read-setup.js';

const SPEC = 'image: {size: [9, 9], scaling: tf}\nscores: logits\nlabels: [a, b]\n';

async function faultsOf(environment: Environment): Promise<string> {
  try {
    await readSetup(environment);
  } catch (error) {
    if (error instanceof ConfigError) return error.faults.join('\n');
    throw error;
  }
  return '';
}

describe('readSetup', () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'catalog-'));
  });

  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  it('finds the bundled model by default', async () => {
    const { config, catalog } = await readSetup({});
    expect(config.PORT).toBe(9696);
    expect(catalog.get(config.MODEL_NAME)!.spec.labels).toHaveLength(10);
  });

  it('reads specs in folders, and beside each other as a ConfigMap mounts them', async () => {
    mkdirSync(join(folder, 'one'));
    writeFileSync(join(folder, 'one', 'model.yaml'), `name: one\n${SPEC}`);
    writeFileSync(join(folder, 'two.yaml'), `name: two\n${SPEC}`);
    const { catalog } = await readSetup({ MODEL_CATALOG: folder, MODEL_NAME: 'two' });
    expect([...catalog.keys()]).toEqual(['one', 'two']);
  });

  it('names the faults of the environment and of the specs at once', async () => {
    writeFileSync(join(folder, 'bad.yaml'), 'name: bad\nlabels: []');
    const faults = await faultsOf({ PORT: 'x', MAX_INFLIGHT: '0', MODEL_CATALOG: folder });
    expect(faults).toMatch(/PORT/);
    expect(faults).toMatch(/MAX_INFLIGHT/);
    expect(faults).toMatch(/bad\.yaml.*labels/);
  });

  it.each([
    ['an empty catalogue', {}, /MODEL_CATALOG/],
    ['a folder that is not there', { MODEL_CATALOG: '/nowhere' }, /MODEL_CATALOG/],
    [
      'a version and a label',
      { MODEL_VERSION: '1', MODEL_VERSION_LABEL: 'stable' },
      /MODEL_VERSION/,
    ],
    ['one port for two', { PORT: '9464' }, /METRICS_PORT.*another port than PORT/],
    ['a version of zero', { MODEL_VERSION: '0' }, /MODEL_VERSION/],
    ['a target without a port', { TF_SERVING_HOST: 'tf-serving' }, /TF_SERVING_HOST/],
    ['an address range that is none', { IMAGE_FETCH_ALLOW: '10.0.0.0/99' }, /IMAGE_FETCH_ALLOW/],
  ])('refuses %s', async (_name, environment, words) => {
    expect(await faultsOf({ MODEL_CATALOG: folder, ...environment })).toMatch(words);
  });

  it('refuses a default model that the catalogue lacks, and names those it has', async () => {
    writeFileSync(join(folder, 'one.yaml'), `name: one\n${SPEC}`);
    expect(await faultsOf({ MODEL_CATALOG: folder, MODEL_NAME: 'two' })).toMatch(/MODEL_NAME.*one/);
  });

  it.each(['MODEL_VERSION', 'MODEL_VERSION_LABEL'])(
    'refuses %s beside the traffic of the spec, since one of them would not count',
    async (variable) => {
      const traffic = 'traffic: [{version: 1, weight: 1}, {version: 2, weight: 1}]';
      writeFileSync(join(folder, 'one.yaml'), `name: one\n${SPEC}${traffic}`);
      const environment = { MODEL_CATALOG: folder, MODEL_NAME: 'one' };
      expect(await faultsOf({ ...environment, [variable]: '1' })).toMatch(/one's traffic/);
      expect(await faultsOf(environment)).toBe('');
    },
  );

  it('refuses two specs of one name, and a file that is not YAML', async () => {
    writeFileSync(join(folder, 'a.yaml'), `name: one\n${SPEC}`);
    writeFileSync(join(folder, 'b.yaml'), `name: one\n${SPEC}`);
    writeFileSync(join(folder, 'c.yaml'), '{');
    expect(await faultsOf({ MODEL_CATALOG: folder })).toMatch(/b\.yaml.*\n.*c\.yaml/);
  });
});
