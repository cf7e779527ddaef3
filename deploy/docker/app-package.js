// Cuts one app out of the built repository: the files that its entry points reach, and a package.json
// and package-lock.json with only the packages that these files name, at the versions of the root's lock.
//
//   node app-package.js OUT ENTRY.js…        in the repository's root, after the build
//
// `npm ci` in OUT then installs what this app needs and nothing of the other's.
import { cpSync, existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import ts from 'typescript';

const [out, ...entries] = process.argv.slice(2);
if (out === undefined || entries.length === 0) {
  console.error('usage: node app-package.js OUT ENTRY.js…');
  process.exit(2);
}

const root = JSON.parse(readFileSync('package.json', 'utf8'));
const lock = JSON.parse(readFileSync('package-lock.json', 'utf8'));

const files = reachableFiles(entries);
const named = new Set([...files].flatMap(packagesNamedIn));
const dependencies = withPeers(named);

for (const file of files) {
  const target = join(out, relative('.', file));
  mkdirSync(dirname(target), { recursive: true });
  cpSync(file, target);
}

const { name, version, license, type, imports, overrides } = root;
writeJson(join(out, 'package.json'), {
  name,
  version,
  license,
  private: true,
  type,
  imports,
  overrides,
  dependencies,
});
writeJson(join(out, 'package-lock.json'), {
  ...lock,
  packages: { ...lock.packages, '': { name, version, license, dependencies } },
});
console.log(`${files.size} files; ${Object.keys(dependencies).join(' ')}`);

function reachableFiles(starts) {
  const found = new Set();
  const queue = starts.map((start) => resolve(start));
  for (let file = queue.pop(); file !== undefined; file = queue.pop()) {
    if (found.has(file)) continue;
    found.add(file);
    for (const text of stringsIn(file)) {
      const target = fileNamedBy(text, file);
      if (target !== undefined) queue.push(target);
    }
  }
  return found;
}

/** A relative path or one of the `imports` of package.json; other strings name no file. */
function fileNamedBy(text, from) {
  if (text in root.imports) return resolve(root.imports[text]);
  if (!/^\.\.?\//.test(text)) return undefined;
  const path = resolve(dirname(from), text);
  return existsSync(path) && statSync(path).isFile() ? path : undefined;
}

function packagesNamedIn(file) {
  return Object.keys(root.dependencies).filter((dependency) =>
    stringsIn(file).some((text) => text === dependency || text.startsWith(`${dependency}/`)),
  );
}

/**
 * The packages named, and those of the root's that one of them declares as a peer: Nest loads its
 * optional ones only when they are used (@fastify/static for the page, class-validator, …).
 */
function withPeers(names) {
  const found = new Set();
  const queue = [...names];
  for (let name = queue.pop(); name !== undefined; name = queue.pop()) {
    if (found.has(name)) continue;
    found.add(name);
    const { peerDependencies = {} } = lock.packages[`node_modules/${name}`];
    queue.push(...Object.keys(peerDependencies).filter((peer) => peer in root.dependencies));
  }
  // In the root's order, and its ranges: the lock fixes the versions.
  return Object.fromEntries(Object.entries(root.dependencies).filter(([name]) => found.has(name)));
}

/** Every string literal: import, import(), require() and createRequire() alike name a module by one. */
function stringsIn(file) {
  const strings = [];
  const visit = (node) => {
    if (ts.isStringLiteralLike(node)) strings.push(node.text);
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.ES2023));
  return strings;
}

function writeJson(path, value) {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, `${JSON.stringify(value, null, 2)}\n`);
}
