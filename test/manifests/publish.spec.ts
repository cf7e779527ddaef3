import { execFile } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { buildKustomization, kustomizeMissing } from './kustomize.js';
import { podsOf } from './objects.js';

const project = resolve(import.meta.dirname, '../..');
const pins = 'deploy/overlays/eks/images/kustomization.yaml';
const registry = '111122223333.dkr.ecr.eu-west-1.amazonaws.com';

/** What the script needs besides aws and a builder: the PATH of these tests has nothing else. */
const tools = ['bash', 'cat', 'dirname', 'env', 'grep', 'mv', 'sed', 'sha256sum', 'tr', 'touch'];

/** ECR as far as it is asked: an image is there once it was pushed, and its digest follows its name. */
const aws = `
echo "aws $*" >>"$LOG"
case "$1 $2" in
  'sts get-caller-identity')
    [ -z "$LOGGED_OUT" ] || { echo 'Unable to locate credentials' >&2; exit 253; }
    echo 111122223333 ;;
  'configure get') echo eu-west-1 ;;
  'ecr get-login-password') echo secret ;;
  'ecr describe-repositories') exit 254 ;;
  'ecr create-repository') echo made ;;
  'ecr describe-images')
    image="$6:\${8#imageTag=}"
    [ -e "$PUSHED/$(echo "$image" | tr / _)" ] || exit 254
    echo "sha256:$(echo "$image" | sha256sum | sed 's/ .*//')" ;;
  *) exit 2 ;;
esac`;

const docker = `
echo "docker $*" >>"$LOG"
case "$1" in
  buildx | info) ;;
  login) [ "$(cat)" = secret ] ;;
esac
[ -z "$PUSH_FAILS" ] || [ "$2" != build ] || exit 1
while [ $# -gt 0 ]; do
  [ "$1" != --tag ] || touch "$PUSHED/$(echo "\${2#*/}" | tr / _)"
  shift
done`;

const buildah = `
echo "buildah $*" >>"$LOG"
[ "$1" != login ] || [ "$(cat)" = secret ]
[ "$1" != manifest ] || touch "$PUSHED/$(echo "\${4#*/}" | tr / _)"`;

interface Run {
  code: number;
  output: string;
  commands: string[];
}

/** A run that ended well; else its output is the failure. */
function succeeded(run: Run): Run {
  if (run.code !== 0) throw new Error(run.output);
  return run;
}

describe('deploy/eks/publish', () => {
  let folder: string;

  const stub = (name: string, body: string): void => {
    const path = join(folder, 'bin', name);
    writeFileSync(path, `#!/usr/bin/env bash\n${body}\n`);
    chmodSync(path, 0o755);
  };
  const publish = (args: string[] = [], env: Record<string, string> = {}): Promise<Run> =>
    new Promise((done) => {
      const log = join(folder, 'log');
      writeFileSync(log, '');
      execFile(
        join(folder, 'bin/bash'),
        [join(folder, 'deploy/eks/publish'), ...args],
        { env: { PATH: join(folder, 'bin'), LOG: log, PUSHED: join(folder, 'pushed'), ...env } },
        (error, stdout, stderr) => {
          done({
            code: error ? Number(error.code) : 0,
            output: stdout + stderr,
            commands: readFileSync(log, 'utf8').trim().split('\n'),
          });
        },
      );
    });
  const pinned = (): string => readFileSync(join(folder, pins), 'utf8');

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'publish-'));
    mkdirSync(join(folder, 'bin'));
    mkdirSync(join(folder, 'pushed'));
    for (const name of tools) {
      const found = ['/usr/bin', '/bin']
        .map((at) => join(at, name))
        .find((path) => existsSync(path));
      symlinkSync(found ?? `/usr/bin/${name}`, join(folder, 'bin', name));
    }
    stub('aws', aws);
    stub('docker', docker);
    for (const path of ['deploy', 'package.json', 'models/clothing-model/model.yaml']) {
      cpSync(join(project, path), join(folder, path), { recursive: true });
    }
    const catalogue = 'models/clothing-model/kustomization.yaml';
    cpSync(join(project, catalogue), join(folder, catalogue));
  });

  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  it('builds, pushes and pins each image by the digest that ECR names', async () => {
    const { commands } = succeeded(await publish(['--version', '1.2.3']));
    const builds = commands.filter((command) => command.startsWith('docker buildx build'));
    expect(builds.map((command) => /--tag (\S+)/.exec(command)?.[1])).toEqual([
      `${registry}/clothing/gateway:1.2.3`,
      `${registry}/clothing/model-server:1.2.3`,
      `${registry}/clothing/clothing-model:1.2.3`,
      `${registry}/clothing/clothing-model:1.2.3-gpu`,
    ]);
    expect(builds.map((command) => /TAG=\S+-gpu/.test(command))).toEqual([
      false,
      false,
      false,
      true,
    ]);
    expect(builds.every((command) => command.includes(' --platform linux/amd64 '))).toBe(true);
    expect(pinned().match(/digest: sha256:[0-9a-f]{64}$/gm)).toHaveLength(3);
    expect(pinned()).not.toContain('newTag');
  });

  it('makes repositories that scan what is pushed and keep their tags', async () => {
    const { commands } = await publish();
    const made = commands.filter((command) => command.startsWith('aws ecr create-repository'));
    expect(made).toHaveLength(3);
    for (const command of made) {
      expect(command).toContain('--image-tag-mutability IMMUTABLE');
      expect(command).toContain('--image-scanning-configuration scanOnPush=true');
    }
  });

  it('gives the password to the builder by its input, never as an argument', async () => {
    const { commands } = await publish();
    expect(commands).toContain(`docker login --username AWS --password-stdin ${registry}`);
    expect(commands.join('\n')).not.toContain('secret');
  });

  it('pins the GPU image while the overlay has the component gpu, else the CPU image', async () => {
    await publish(['--version', '1.2.3']);
    const gpu = pinned();
    const overlay = join(folder, 'deploy/overlays/eks/kustomization.yaml');
    const text = readFileSync(overlay, 'utf8');
    writeFileSync(overlay, text.replace(/^ +- \.\.\/\.\.\/components\/gpu\n/m, ''));
    await publish(['--version', '1.2.3']);
    expect(pinned()).not.toBe(gpu);
  });

  it('builds no version a second time', async () => {
    await publish(['--version', '1.2.3']);
    const first = pinned();
    const { commands, output } = await publish(['--version', '1.2.3']);
    expect(commands.filter((command) => command.startsWith('docker buildx build'))).toEqual([]);
    expect(output).toContain('clothing/gateway:1.2.3 is published already');
    expect(pinned()).toBe(first);
  });

  it('changes nothing in a dry run, and says what it would do', async () => {
    const before = pinned();
    const args = ['--dry-run', '--platform', 'linux/arm64'];
    const { commands, output } = succeeded(await publish(args));
    expect(pinned()).toBe(before);
    const asked = /^(docker buildx version|aws sts get-caller-identity|aws configure get)/;
    expect(commands.filter((command) => !asked.test(command))).toEqual([]);
    expect(output).toMatch(/^\+ aws ecr create-repository .*clothing\/gateway/m);
    expect(output).toMatch(/^\+ docker buildx build --platform linux\/arm64 .*--push/m);
    expect(output).toContain(`newName: ${registry}/clothing/gateway`);
  });

  it('pins nothing when a build fails', async () => {
    const before = pinned();
    const { code } = await publish([], { PUSH_FAILS: '1' });
    expect(code).not.toBe(0);
    expect(pinned()).toBe(before);
  });

  it('takes account and region from the environment before it asks', async () => {
    const env = { AWS_ACCOUNT_ID: '999988887777', AWS_DEFAULT_REGION: 'ap-southeast-2' };
    const { output, commands } = await publish(['--dry-run'], env);
    expect(output).toContain('999988887777.dkr.ecr.ap-southeast-2.amazonaws.com/clothing/gateway');
    expect(commands).toEqual(['docker buildx version']);
  });

  it('uses buildah where there is no docker', async () => {
    rmSync(join(folder, 'bin/docker'));
    stub('buildah', buildah);
    const { commands } = succeeded(await publish(['--version', '1.2.3']));
    const image = `${registry}/clothing/gateway:1.2.3`;
    expect(commands).toContain(`buildah manifest push --all ${image} docker://${image}`);
  });

  const faults: { name: string; args?: string[]; env?: Record<string, string>; text: string }[] = [
    { name: 'an unknown argument', args: ['--force'], text: "unknown argument '--force'" },
    { name: 'an argument without its value', args: ['--version'], text: '--version needs a value' },
    { name: 'the tag latest', args: ['--version', 'latest'], text: 'latest is no version' },
    { name: 'what cannot be a tag', args: ['--version', 'a b'], text: "'a b' cannot be a tag" },
    { name: 'a login that has ended', env: { LOGGED_OUT: '1' }, text: 'log in' },
    { name: 'no account number', env: { AWS_ACCOUNT_ID: '12' }, text: "'12', not 12 digits" },
    { name: 'no region', env: { AWS_REGION: 'Paris' }, text: "'Paris' is not the name" },
    { name: 'an unknown builder', env: { BUILDER: 'kaniko' }, text: "BUILDER is 'kaniko'" },
    { name: 'an absent builder', env: { BUILDER: 'podman' }, text: 'not installed: podman' },
  ];
  it.each(faults)('refuses $name with a plain message', async ({ args, env, text }) => {
    const { code, output } = await publish(args, env);
    expect(code).toBe(1);
    expect(output).toContain(text);
  });

  it('says so where aws is not installed', async () => {
    rmSync(join(folder, 'bin/aws'));
    expect((await publish()).output).toContain('aws is not installed');
  });

  const reason = kustomizeMissing();
  (reason ? it.skip : it)(`leaves no image of the overlay unpinned${reason}`, async () => {
    await publish(['--version', '1.2.3']);
    const objects = await buildKustomization(join(folder, 'deploy/overlays/eks'));
    const images = objects
      .flatMap(podsOf)
      .flatMap(({ spec }) => [...(spec.initContainers ?? []), ...spec.containers])
      .map(({ image }) => image);
    expect(images).toHaveLength(2);
    for (const image of images) expect(image).toMatch(/^111122223333\..+@sha256:[0-9a-f]{64}$/);
  });
});
