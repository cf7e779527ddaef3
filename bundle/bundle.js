// Makes one file of each program and the packages that it uses: read at once instead of as two thousand.
//
//   nest build && node bundle/bundle.js
//
// It bundles what TypeScript has written, since the decorators' metadata is TypeScript's own. Beside each
// entry `main.js` it leaves the program, `main.cjs`, and turns the entry into three lines that run it.
import { chmodSync, copyFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, relative } from 'node:path';
import { build } from 'esbuild';
import { leaveCodeCaches } from './code-cache.js';
import { licencesOf } from './licences.js';
import { packages } from './packages.js';

const GATEWAY = 'dist/apps/gateway/src/main.js';
const MODEL_SERVER = 'dist/apps/model-server/src/main.js';
const COMMAND_LINE = 'dist/apps/imgserve/src/main.js';
const ENTRIES = [
  GATEWAY,
  MODEL_SERVER,
  COMMAND_LINE,
  'dist/apps/gateway/src/verify-model.js',
  'dist/libs/preprocessing/src/workers/process.js',
  'dist/libs/preprocessing/src/workers/thread.js',
];
const LAUNCH = 'dist/launch.js';

const bundles = await Promise.all(ENTRIES.map(bundle));
const inputs = bundles.flatMap(({ metafile }) => Object.keys(metafile.inputs));
writeFileSync('dist/licences.txt', licencesOf(inputs));
copyFileSync('bundle/launch.js', LAUNCH);
for (const entry of ENTRIES) {
  const launch = relative(dirname(entry), LAUNCH);
  const interpreter = entry === COMMAND_LINE ? '#!/usr/bin/env node\n' : '';
  const lines = `import { launch } from '${launch}';\n\nlaunch(import.meta.url);\n`;
  writeFileSync(entry, interpreter + lines);
}
linkCommand('imgserve', COMMAND_LINE);
await leaveCodeCaches(GATEWAY, MODEL_SERVER);

function bundle(entry) {
  return build({
    entryPoints: [entry],
    outfile: entry.replace(/js$/, 'cjs'),
    bundle: true,
    platform: 'node',
    target: 'node20.19',
    // An expression rather than a module, for `launch` to call: V8 can keep the code of a script alone.
    format: 'cjs',
    banner: { js: '(function (exports, require, module, __filename, __dirname, __url) {' },
    footer: { js: '})' },
    // Would need a loader of the script's own; what stays a package can be required.
    supported: { 'dynamic-import': false },
    define: {
      'import.meta.url': '__url',
      'import.meta.filename': '__filename',
      'import.meta.dirname': '__dirname',
      'Intl.DateTimeFormat': 'DateTimeFormat',
    },
    inject: ['bundle/date-time-format.js'],
    mainFields: ['module', 'main'],
    // Less for V8 to hold; names stay, for stacks.
    minifyWhitespace: true,
    minifySyntax: true,
    legalComments: 'none',
    plugins: [packages],
    metafile: true,
    logLevel: 'warning',
    // Nest asks it for packages that are not there.
    logOverride: { 'empty-import-meta': 'silent' },
  });
}

/**
 * Lets npx find a command of the repository's own. A `bin` in package.json would not do: npx installs a
 * package anew before it runs its `bin`, and so builds all of this a second time.
 */
function linkCommand(name, entry) {
  const link = `node_modules/.bin/${name}`;
  chmodSync(entry, 0o755);
  rmSync(link, { force: true });
  symlinkSync(relative(dirname(link), entry), link);
}
