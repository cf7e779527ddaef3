import type { CommandDefinition } from '../frame/index.js';
import { wholeNumber, wholeNumbers } from '../options/numbers.js';

export const warmup: CommandDefinition = {
  name: 'warmup',
  summary: 'write the requests that TensorFlow Serving warms a model up with',
  description:
    'Writes assets.extra/tf_serving_warmup_requests into a SavedModel: real images, preprocessed as ' +
    "the spec says, for each signature that takes images. TensorFlow Serving answers them to itself before the version counts as AVAILABLE, so that no caller waits for a model's first runs.",
  examples: [
    ['imgserve warmup models/clothing-model', "with one of the model's golden images"],
    [
      'imgserve warmup models/mine/1 --images photos --batch-size 1 8 32',
      'for each size of a batch that TensorFlow Serving is configured to build',
    ],
  ],
  declare: (command) => {
    command
      .argument('<folder>', 'a SavedModel, or the folder of its versions (then the newest)')
      .option(
        '--spec <file>',
        "the model's spec; model.yaml in the folder or above it where left out",
      )
      .option(
        '--images <path...>',
        'images or folders of them, or "golden" for the golden ones; golden ones where left out, or a drawn one',
      )
      .option(
        '--count <n>',
        'requests for each signature and batch size, images in turn',
        wholeNumber(1, 1000),
        1,
      )
      .option('--batch-size <n...>', 'images in a request; 1 where left out', wholeNumbers(1, 4096))
      .option('--signature <name...>', 'only these; every one that takes images where left out')
      .option('--name <name>', "the servable's name, as requests say it; the spec's where left out")
      .option('--force', 'replace the file that is there');
  },
  load: async () => (await import('./warmup.js')).warmup,
};
