import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Script } from 'node:vm';

/**
 * Runs the bundled program beside a module, `main.cjs` for `main.js`, with V8's code for it where the
 * build has left any for this very Node. V8 refuses code that does not fit its version or its flags.
 *
 * @param {string} url of the module
 * @returns {{ script: Script, cache: string }} what runs, and the path of its code
 */
export function launch(url) {
  const path = fileURLToPath(url).replace(/js$/, 'cjs');
  const cache = `${path}.${process.version}-${process.arch}.cache`;
  // ASCII alone, which V8 can take as it is.
  const script = new Script(readFileSync(path, 'latin1'), {
    filename: path,
    cachedData: readIfThere(cache),
  });
  script.runInThisContext()({}, createRequire(url), {}, path, dirname(path), url);
  return { script, cache };
}

function readIfThere(path) {
  try {
    return readFileSync(path);
  } catch {
    return undefined;
  }
}
