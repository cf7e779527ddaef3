#!/usr/bin/env node
// Writes CycloneDX 1.5 of all packages that are shipped, from the lock file: deploy/release/sbom.js >sbom.cdx.json
//
// npm's own `npm sbom --omit dev` leaves out what a tool of developers needs as well, such as Nest (npm 11.19).
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const read = (file) =>
  JSON.parse(readFileSync(join(import.meta.dirname, '..', '..', file), 'utf8'));
const { name, version, license } = read('package.json');
const { packages } = read('package-lock.json');

const shipped = Object.entries(packages)
  .filter(([path, { dev, link }]) => path.includes('node_modules/') && !dev && !link)
  .map(([path, it]) => ({ name: path.split('node_modules/').at(-1), ...it }));
const components = [...new Map(shipped.map((it) => [purlOf(it), it])).entries()]
  .sort()
  .map(toComponent);

console.log(
  JSON.stringify(
    {
      $schema: 'http://cyclonedx.org/schema/bom-1.5.schema.json',
      bomFormat: 'CycloneDX',
      specVersion: '1.5',
      version: 1,
      metadata: {
        component: { type: 'application', name, version, licenses: [{ license: { id: license } }] },
      },
      components,
    },
    null,
    2,
  ),
);

function toComponent([purl, { name, version, license, integrity, optional }]) {
  const [algorithm, digest] = integrity.split('-');
  return {
    type: 'library',
    'bom-ref': purl,
    name,
    version,
    scope: optional ? 'optional' : 'required',
    licenses: [/[ (]/.test(license) ? { expression: license } : { license: { id: license } }],
    hashes: [
      {
        alg: algorithm.toUpperCase().replace('SHA', 'SHA-'),
        content: Buffer.from(digest, 'base64').toString('hex'),
      },
    ],
    purl,
  };
}

/** https://github.com/package-url/purl-spec: the scope's @ is escaped. */
function purlOf({ name, version }) {
  return `pkg:npm/${name.replace('@', '%40')}@${version}`;
}
