// What `decode: fast` costs in accuracy, with the product's own decoder and model:
//
//     npm run build && node models/clothing-model/evaluate/fast_decode.js SPLIT_FOLDER
//
// The dataset's pictures are too small to be reduced, so each is enlarged 8× (Lanczos, JPEG
// quality 92, 4:2:0) and classified from both decodings.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import sharp from 'sharp';
import { parse } from 'yaml';
import { preprocess } from '#preprocessing';

const folder = join(import.meta.dirname, '..');
const { image: SPEC, labels: LABELS } = parse(readFileSync(join(folder, 'model.yaml'), 'utf8'));
const session = await InferenceSession.create(join(folder, '1', 'model.onnx'));

async function classify(file, decode) {
  const options = { maxPixels: 50_000_000, output: 'float32' };
  const { data } = await preprocess(file, { ...SPEC, decode }, options);
  const { dense_7: logits } = await session.run({
    input_8: new Tensor('float32', data, [1, 299, 299, 3]),
  });
  return LABELS[logits.data.indexOf(Math.max(...logits.data))];
}

async function enlarge(path, times) {
  const { width, height } = await sharp(path).metadata();
  return sharp(path)
    .resize(width * times, height * times)
    .jpeg({ quality: 92 })
    .toBuffer();
}

const pictures = LABELS.flatMap((label) =>
  readdirSync(join(process.argv[2], label)).map((name) => ({
    label,
    path: join(process.argv[2], label, name),
  })),
);
console.log('| enlarged | pictures | exact | fast | named otherwise |');
console.log('| --- | ---: | ---: | ---: | ---: |');
for (const times of [8]) {
  let exactRight = 0;
  let fastRight = 0;
  let otherwise = 0;
  for (const { label, path } of pictures) {
    const file = await enlarge(path, times);
    const exact = await classify(file, 'exact');
    const fast = await classify(file, 'fast');
    exactRight += exact === label;
    fastRight += fast === label;
    otherwise += exact !== fast;
  }
  const percent = (count) => `${((100 * count) / pictures.length).toFixed(1)}%`;
  console.log(
    `| ${times}× | ${pictures.length} | ${percent(exactRight)} | ${percent(fastRight)} | ${percent(otherwise)} |`,
  );
}
