import { renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { status } from '@grpc/grpc-js';
import { ConfigMapMount } from '../../../../test/support/config-map.js';
import { ModelFolder } from '../../test-fixtures/model-folder.js';
import { eventually, runServer, type RunningServer } from '../../test-fixtures/running-server.js';
import { failureOf, floats } from '../../test-fixtures/serving-client.js';

const PLUS_TWO = { 'model.onnx': 'half_plus_two.onnx' };
const PLUS_THREE = { 'model.onnx': 'half_plus_three.onnx' };

let running: RunningServer;

afterEach(async () => {
  await running.stop();
});

function label(text: string): void {
  const file = join(running.models.path, 'version_labels.yaml');
  writeFileSync(`${file}.new`, text);
  renameSync(`${file}.new`, file);
}

/** The version that answers. */
async function ask(choice: { versionLabel?: string; version?: { value: number } } = {}) {
  const { modelSpec } = await running.client.predict({
    modelSpec: { name: 'half', ...choice },
    inputs: { x: floats([1, 3], [0, 0, 0]) },
  });
  return String(modelSpec!.version!.value);
}

const askFor = (versionLabel: string) => ask({ versionLabel });
const becomes = (versionLabel: string, version: string) =>
  eventually(async () => (await askFor(versionLabel)) === version);
const unrecognized = (versionLabel: string) => ({
  code: status.INVALID_ARGUMENT,
  details: `Unrecognized servable version label: ${versionLabel}`,
});

async function start(versions: number[], labels: string, settings = {}): Promise<void> {
  const models = new ModelFolder();
  for (const version of versions) {
    models.add('half', version, version % 2 === 1 ? PLUS_TWO : PLUS_THREE);
  }
  writeFileSync(join(models.path, 'version_labels.yaml'), labels);
  running = await runServer(models, settings, ['half', '']);
}

describe('a labelled version', () => {
  it('is served beside the newest, by its label and by its number', async () => {
    await start([1, 2, 3], 'half: {stable: 1}');
    expect(await running.client.states('half')).toEqual(['3 AVAILABLE', '1 AVAILABLE']);
    expect(await askFor('stable')).toBe('1');
    expect(await ask({ version: { value: 1 } })).toBe('1');
    expect(await ask()).toBe('3');
  });

  it('is one of its label only: other labels and models have none', async () => {
    await start([1], 'half: {stable: 1}\nother: {canary: 1}');
    expect(await failureOf(askFor('canary'))).toEqual(unrecognized('canary'));
    expect(
      await failureOf(
        running.client.predict({
          modelSpec: { name: 'other', versionLabel: 'canary' },
          inputs: { x: floats([1, 3], [0, 0, 0]) },
        }),
      ),
    ).toEqual(unrecognized('canary'));
  });

  it('goes with its label', async () => {
    await start([1, 2], 'half: {stable: 1}');
    label('');
    await eventually(
      async () => String(await running.client.states('half')) === '2 AVAILABLE,1 END',
    );
    expect(await failureOf(askFor('stable'))).toEqual(unrecognized('stable'));
  });

  it('can be a version beyond what a number holds exactly', async () => {
    const models = new ModelFolder();
    models.add('half', '9007199254740993', PLUS_TWO);
    models.add('half', '9007199254740994', PLUS_TWO);
    writeFileSync(join(models.path, 'version_labels.yaml'), 'half: {stable: 9007199254740993}');
    running = await runServer(models, {}, ['half', '']);
    expect(await askFor('stable')).toBe('9007199254740993');
  });
});

describe('a label that moves', () => {
  it('does so under load without a failed call, and back', async () => {
    await start([1, 2], 'half: {stable: 1}');
    const answers: string[] = [];
    let stop = false;
    const load = Array.from({ length: 4 }, async () => {
      while (!stop) answers.push(await askFor('stable'));
    });
    label('half: {stable: 2}');
    await becomes('stable', '2');
    label('half: {stable: 1}');
    await becomes('stable', '1');
    stop = true;
    await Promise.all(load);
    expect([...new Set(answers)]).toEqual(['1', '2']);
  });

  it('stays where it is until its new version is loaded', async () => {
    await start([1, 3], 'half: {stable: 1}');
    label('half: {stable: 2}');
    await sleep(300);
    expect(await askFor('stable')).toBe('1');
    running.models.add('half', 2, PLUS_THREE);
    await becomes('stable', '2');
  });
});

describe('a file of labels that cannot be used', () => {
  it.each([
    ['not YAML', '{'],
    ['a list', '[stable]'],
    ['a label that is no version', 'half: {stable: latest}'],
    ['a version of zero', 'half: {stable: 0}'],
    ['a version and a half', 'half: {stable: 1.5}'],
  ])('leaves the labels as they were: %s', async (_name, text) => {
    await start([1, 2], 'half: {stable: 1}');
    label(text);
    await sleep(300);
    expect(await askFor('stable')).toBe('1');
    label('half: {stable: 2}');
    await becomes('stable', '2');
  });
});

describe('VERSION_LABELS_FILE', () => {
  it('is followed where it is mounted from a ConfigMap', async () => {
    const mount = new ConfigMapMount({ labels: 'half: {stable: 1}' });
    await start([1, 2], '', { VERSION_LABELS_FILE: join(mount.path, 'labels') });
    expect(await askFor('stable')).toBe('1');
    mount.update({ labels: 'half: {stable: 2}' });
    await becomes('stable', '2');
    mount.break();
    await sleep(300);
    expect(await askFor('stable')).toBe('2');
    mount.delete();
  });
});
