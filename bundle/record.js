// Runs a bundled program, and when it ends keeps V8's code of all that has run.
//
//   node bundle/record.js dist/apps/gateway/src/main.js
import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { setFlagsFromString } from 'node:v8';
import { launch } from '../dist/launch.js';

const { script, cache } = launch(pathToFileURL(resolve(process.argv[2])).href);
process.once('exit', () => {
  // As when it starts (its default), whatever the program has set since: V8 takes no code of other flags.
  if (process.versions.v8.startsWith('11.')) setFlagsFromString('--interrupt-budget=67584');
  writeFileSync(cache, script.createCachedData());
});
