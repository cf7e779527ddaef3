// Cuts one app out of the built repository: its bundled programs, and a package.json and package-lock.json
// with only the packages that these still load, at the versions of the root's lock.
//
//   node deploy/docker/app-package.js OUT ENTRY.js… FILE…        in the repository's root, after the build
//
// `npm ci` in OUT then installs what this app needs and nothing of the other's.
import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { PACKAGES_APART } from '../../bundle/packages.js';

const [out, ...entries] = process.argv.slice(2);
if (out === undefined || entries.length === 0) {
  console.error('usage: node app-package.js OUT ENTRY.js… FILE…');
  process.exit(2);
}

const { name, version, license, type, overrides, ...root } = readJson('package.json');
const lock = readJson('package-lock.json');

const files = ['dist/launch.js', 'dist/licences.txt', ...entries.flatMap(filesOf)];
const programs = files
  .filter((file) => file.endsWith('.cjs'))
  .map((file) => readFileSync(file, 'latin1'));
const dependencies = Object.fromEntries(
  PACKAGES_APART.filter((apart) => programs.some((program) => isNamedIn(program, apart))).map(
    (apart) => [apart, root.dependencies[apart]],
  ),
);

for (const file of files) cpSync(file, join(out, file));
writeJson('package.json', { name, version, license, private: true, type, overrides, dependencies });
writeJson('package-lock.json', {
  ...lock,
  packages: { ...lock.packages, '': { name, version, license, dependencies } },
});
console.log(`${files.join(' ')}; ${Object.keys(dependencies).join(' ')}`);

/** An entry, its program and V8's code for that; any other file alone. */
function filesOf(entry) {
  const own = `${basename(entry, 'js')}`;
  return readdirSync(dirname(entry))
    .filter((file) => file.startsWith(own) && !file.endsWith('.map'))
    .map((file) => join(dirname(entry), file));
}

function isNamedIn(program, apart) {
  return ['"', '/'].some((end) => program.includes(`"${apart}${end}`));
}

function readJson(path) {
  return JSON.parse(readFileSync(path, 'utf8'));
}

function writeJson(path, value) {
  mkdirSync(out, { recursive: true });
  writeFileSync(join(out, path), `${JSON.stringify(value, null, 2)}\n`);
}
