import { readFileSync } from 'node:fs';
import { projectPath } from '#project';

interface Package {
  readonly version?: string;
  readonly license?: string;
  readonly dev?: boolean;
  readonly resolved?: string;
  readonly integrity?: string;
  readonly hasInstallScript?: boolean;
  readonly link?: boolean;
}

const read = (file: string): unknown => JSON.parse(readFileSync(projectPath(file), 'utf8'));
const { packages } = read('package-lock.json') as { packages: Record<string, Package> };
const { allowScripts } = read('package.json') as { allowScripts: Record<string, boolean> };

/** Every package but the project's own. */
const INSTALLED = Object.entries(packages).filter(
  ([path, { link }]) => link !== true && path.includes('node_modules/'),
);

const PERMISSIVE =
  /^(MIT|MIT-0|ISC|0BSD|CC0-1\.0|Apache-2\.0|BSD-[23]-Clause|BlueOak-1\.0\.0|Python-2\.0|Unlicense)$/;

/** The one thing of another kind, in a file of its own that is loaded, not linked: see SECURITY.md. */
const LIBVIPS = /^node_modules\/@img\/sharp-(libvips-|wasm32|win32-)/;

/** Where npm looks where the lock names no place. */
const REGISTRY = 'https://registry.npmjs.org/';

/** Data of developers' tools, of which nothing is shipped. */
const DEVELOPERS = ['CC-BY-4.0'];

function isPermissive(licence: string): boolean {
  const alternatives = licence.replace(/[()]/g, '').split(' OR ');
  return alternatives.some((all) => all.split(' AND ').every((each) => PERMISSIVE.test(each)));
}

describe('the packages of the lock file', () => {
  it('have permissive licences, but for libvips', () => {
    const others = INSTALLED.filter(([path, { license = 'none', dev }]) => {
      const known = dev === true && DEVELOPERS.includes(license);
      return !isPermissive(license) && !LIBVIPS.test(path) && !known;
    });
    expect(others.map(([path, { license }]) => `${path}: ${license ?? 'none'}`)).toEqual([]);
  });

  it('bring of libvips the LGPL 3 alone beside permissive licences', () => {
    const licences = INSTALLED.filter(([path]) => LIBVIPS.test(path)).map(([, it]) => it.license);
    expect(licences.length).toBeGreaterThan(0);
    for (const licence of licences)
      expect(isPermissive(licence!.replace('LGPL-3.0-or-later', 'MIT'))).toBe(true);
  });

  it('come from the registry, each with its digest', () => {
    const unsure = INSTALLED.filter(
      ([, { resolved, integrity }]) =>
        !(resolved ?? REGISTRY).startsWith(REGISTRY) || !integrity?.startsWith('sha512-'),
    );
    expect(unsure.map(([path]) => path)).toEqual([]);
  });

  it('run nothing when they are installed', () => {
    const running = INSTALLED.filter(([, { hasInstallScript }]) => hasInstallScript)
      .map(([path]) => path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length))
      .filter((name) => allowScripts[name] !== false);
    expect(running).toEqual([]);
  });
});
