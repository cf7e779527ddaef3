// Turns the programs of test/load and test/fuzz into JavaScript, under dist/, and runs the one that was named.
//
//   node test/support/launch.js load/NAME [OPTION…]
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build, stop } from 'esbuild';

const root = resolve(import.meta.dirname, '..', '..');
const [name] = process.argv.splice(2, 1);

if (!existsSync(join(root, 'dist/apps/gateway/src/main.js'))) {
  console.error('There is no build to run: npm run build');
  process.exit(1);
}
await build({
  absWorkingDir: root,
  entryPoints: [
    'test/fuzz/**/*.ts',
    'test/load/**/*.ts',
    'test/support/*.ts',
    'libs/serving-client/test/*.ts',
    'apps/model-server/test-fixtures/*.ts',
  ],
  outbase: '.',
  outdir: 'dist',
  platform: 'node',
  format: 'esm',
  target: 'node20.19',
  logLevel: 'warning',
});
await stop();
await import(pathToFileURL(join(root, 'dist/test', `${name}.js`)).href);
