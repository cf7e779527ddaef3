import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { projectPath } from '#project';

const { version, dependencies } = JSON.parse(readFileSync(projectPath('package.json'), 'utf8')) as {
  version: string;
  dependencies: Record<string, string>;
};

function run(script: string, ...args: string[]) {
  return spawnSync(projectPath('deploy', 'release', script), args, { encoding: 'utf8' });
}

describe('the list of what is shipped', () => {
  it('names each package that programs ask for, with its digest, and no tool of developers', () => {
    const { components } = JSON.parse(run('sbom.js').stdout) as {
      components: { name: string; hashes?: object[] }[];
    };
    const names = components.map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining(Object.keys(dependencies)));
    expect(names).not.toContain('jest');
    expect(components.filter(({ hashes }) => !hashes?.length)).toEqual([]);
  });
});

describe('publishing an image', () => {
  it.each(['gateway', 'model-server', 'clothing-model'])(
    'of %s asks for provenance and a list of its contents',
    (image) => {
      const { stdout, status } = run(
        'publish-image',
        '--dry-run',
        image,
        `registry/${image}`,
        version,
      );
      expect(status).toBe(0);
      expect(stdout).toContain('--provenance mode=max --sbom true');
      expect(stdout).toContain(`--tag registry/${image}:${version} --push`);
    },
  );

  it.each([
    ['an image that there is not', ['nothing', 'registry/nothing', version]],
    ['another version than the project’s', ['gateway', 'registry/gateway', '99.0.0']],
    ['what is no version', ['gateway', 'registry/gateway', 'latest']],
    ['too little', ['gateway']],
  ])('refuses %s', (_name, args) => {
    const { stderr, status } = run('publish-image', '--dry-run', ...args);
    expect(status).toBe(1);
    expect(stderr).toMatch(/^publish-image: /);
  });
});
