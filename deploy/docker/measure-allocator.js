// What malloc's settings do to decoding: CPU ms per image and memory after 200 images, by setting.
//
//   node measure-allocator.js [ROUNDS]        in the gateway image, from the built repository
//
// Each measurement is a process of its own; the settings take turns, so that a busy machine meets all alike.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const SELF = fileURLToPath(import.meta.url);
const APP = join(import.meta.dirname, '../..');
const IMAGES = 200;
/** As many at once as a gateway with two CPUs decodes. */
const PLACES = 2;

const SETTINGS = {
  default: {},
  'arenas 1': { MALLOC_ARENA_MAX: '1' },
  'arenas 2': { MALLOC_ARENA_MAX: '2' },
  'arenas 1, tuned': tuned('1', 64, 128),
  'arenas 2, tuned': tuned('2', 64, 128),
  'arenas 1, tuned, 256 MiB kept': tuned('1', 160, 256),
};

/** Megapixels of the pictures; 0 stands for the sample as it is. */
const LOADS = { small: [0], '12 MP': [12], mixed: [0, 0, 0, 12, 0, 2, 0, 24, 0, 6] };

if (process.argv[2] === 'child') await decodeAll(LOADS[process.argv[3]], process.argv[4]);
else if (process.argv[2] === 'pictures') await makePictures(process.argv[3]);
else compare(Number(process.argv[2] ?? 3));

function tuned(arenas, mmapMiB, trimMiB) {
  return {
    MALLOC_ARENA_MAX: arenas,
    MALLOC_MMAP_THRESHOLD_: String(mmapMiB << 20),
    MALLOC_TRIM_THRESHOLD_: String(trimMiB << 20),
    MALLOC_TOP_PAD_: String(16 << 20),
  };
}

function compare(rounds) {
  const folder = mkdtempSync(join(tmpdir(), 'pictures-'));
  // Elsewhere: Linux hands a process's peak memory on to its children.
  execFileSync(process.execPath, [SELF, 'pictures', folder]);
  const found = new Map();
  for (let round = 0; round < rounds; round++) {
    for (const load of Object.keys(LOADS)) {
      for (const [name, setting] of Object.entries(SETTINGS)) {
        const output = execFileSync(process.execPath, [SELF, 'child', load, folder], {
          env: { PATH: process.env.PATH, ...setting },
          encoding: 'utf8',
        });
        const key = `${load} | ${name}`;
        found.set(key, [...(found.get(key) ?? []), JSON.parse(output)]);
      }
    }
  }
  rmSync(folder, { recursive: true });
  console.log(
    `| pictures | setting | CPU ms per image | RSS, MiB | most, MiB |\n| --- | --- | ---: | ---: | ---: |`,
  );
  for (const [key, runs] of found) {
    const middle = (field) => {
      const sorted = runs.map((run) => run[field]).sort((a, b) => a - b);
      return sorted[sorted.length >> 1].toFixed(field === 'cpuMs' ? 1 : 0);
    };
    console.log(`| ${key} | ${middle('cpuMs')} | ${middle('rssMiB')} | ${middle('peakMiB')} |`);
  }
}

async function decodeAll(sizes, folder) {
  const { preprocess } = await import(`${APP}/dist/libs/preprocessing/src/index.js`);
  const pictures = new Map(sizes.map((size) => [size, readFileSync(join(folder, `${size}.jpg`))]));
  const options = {
    size: [299, 299],
    resample: 'nearest',
    fit: 'stretch',
    scaling: 'none',
    decode: 'exact',
  };
  let next = 0;
  const work = async (until) => {
    while (next < until) {
      const picture = pictures.get(sizes[next++ % sizes.length]);
      await preprocess(picture, options, { maxPixels: 50e6, output: 'uint8' });
    }
  };
  const run = (images) => {
    next = 0;
    return Promise.all(Array.from({ length: PLACES }, () => work(images)));
  };
  await run(10);
  const before = process.cpuUsage();
  await run(IMAGES);
  const { user, system } = process.cpuUsage(before);
  console.log(
    JSON.stringify({
      cpuMs: (user + system) / 1000 / IMAGES,
      rssMiB: process.memoryUsage.rss() / 2 ** 20,
      peakMiB: process.resourceUsage().maxRSS / 1024,
    }),
  );
}

async function makePictures(folder) {
  const { default: sharp } = await import(createRequire(`${APP}/`).resolve('sharp'));
  const samples = `${APP}/models/clothing-model/samples`;
  const file = readdirSync(samples).find((name) => name.endsWith('.jpg'));
  const sample = readFileSync(join(samples, file));
  for (const size of new Set(Object.values(LOADS).flat())) {
    const picture = size === 0 ? sample : await enlarge(sharp, sample, size);
    writeFileSync(join(folder, `${size}.jpg`), picture);
  }
}

/** A photograph's share of detail: enlarged, with noise, saved at quality 90; the same at each call. */
async function enlarge(sharp, sample, megapixels) {
  const width = Math.round(Math.sqrt((megapixels * 1e6 * 4) / 3));
  const height = Math.round((width * 3) / 4);
  const { data } = await sharp(sample)
    .resize(width, height, { fit: 'fill' })
    .raw()
    .toBuffer({ resolveWithObject: true });
  let state = 1;
  for (let i = 0; i < data.length; i++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    data[i] = Math.min(255, Math.max(0, data[i] + ((state >>> 24) % 17) - 8));
  }
  return sharp(data, { raw: { width, height, channels: 3 } })
    .jpeg({ quality: 90 })
    .toBuffer();
}
