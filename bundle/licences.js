import { readdirSync, readFileSync } from 'node:fs';

/**
 * The licences of all packages that went into bundles, as those ask for.
 *
 * @param {string[]} inputs paths of the files that did
 * @returns {string} one text
 */
export function licencesOf(inputs) {
  const folders = inputs.map((path) => /.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path)?.[0]);
  const texts = [...new Set(folders)]
    .filter((folder) => folder !== undefined)
    .sort()
    .map((folder) => {
      const { name, version, license } = JSON.parse(readFileSync(`${folder}/package.json`, 'utf8'));
      const files = readdirSync(folder).filter((file) =>
        /^(licen[sc]e|notice|copying)/i.test(file),
      );
      const text = files.map((file) => readFileSync(`${folder}/${file}`, 'utf8').trim());
      return [`${name} ${version} (${license})`, ...text].join('\n\n');
    });
  return `${[...new Set(texts)].join(`\n\n${'-'.repeat(80)}\n\n`)}\n`;
}
