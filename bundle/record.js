// Runs a bundled program, and when it ends keeps V8's code of all that has run.
//
//   node bundle/record.js dist/apps/gateway/src/main.js
import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { launch } from '../dist/launch.js';

const { script, cache } = launch(pathToFileURL(resolve(process.argv[2])).href);
process.once('exit', () => {
  writeFileSync(cache, script.createCachedData());
});
