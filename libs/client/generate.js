// Writes src/openapi.ts, the types of what a gateway's /openapi.json describes.
//
//   npm start                                    # in another terminal
//   npm run client:types -- http://localhost:9696/openapi.json
import { writeFile } from 'node:fs/promises';
import { typesOf } from './types-of.js';

const url = process.argv[2] ?? 'http://localhost:9696/openapi.json';
const response = await fetch(url);
if (!response.ok) throw new Error(`${url} answered ${response.status}`);
await writeFile(new URL('src/openapi.ts', import.meta.url), await typesOf(await response.json()));
