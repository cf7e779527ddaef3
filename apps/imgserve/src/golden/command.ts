import type { CommandDefinition } from '../frame/index.js';
import { decimal, wholeNumber } from '../options/numbers.js';

export const golden: CommandDefinition = {
  name: 'golden',
  summary:
    "make golden vectors: what Keras makes of your images, to hold the gateway's work against",
  description:
    "Writes golden/ beside a model's spec: images, and for each the tensor and the scores that Pillow, " +
    'Keras and TensorFlow give. They run in a virtual environment that is made once, of pinned versions; ' +
    'nothing of the gateway has a part in it.',
  examples: [
    ['imgserve golden photos --model models/mine', 'of the newest SavedModel beside the spec'],
    ['imgserve golden photos --model models/mine --keras mine.keras', 'of the trained model'],
    [
      'imgserve golden photos --model models/mine --keras mine.keras --preprocess train.py:load',
      'with your own preprocessing, to find the spec that equals it: imgserve verify tells',
    ],
  ],
  declare: (command) => {
    command
      .argument('<folder>', 'images, in folders of their classes or not')
      .requiredOption('--model <name|spec>', 'the spec, its folder, or its name in MODEL_CATALOG')
      .option('--keras <file>', 'the Keras model that says what is right (.keras, .h5)')
      .option('--saved-model <folder>', 'the SavedModel that does, or the folder of its versions')
      .option(
        '--preprocess <file.py:function>',
        'takes a path and gives the tensor, in place of the spec',
      )
      .option(
        '--count <n>',
        'so many images at most, spread over the folder',
        wholeNumber(1, 1000),
        20,
      )
      .option(
        '--tolerance <p>',
        'greatest accepted difference of a probability',
        decimal(0, 1),
        0.005,
      )
      .option('--no-references', 'keep hashes alone, so that differences cannot be measured')
      .option('--out <folder>', 'in place of golden/ beside the spec')
      .option(
        '--python <path>',
        'a Python that has Keras, TensorFlow and Pillow, in place of one made for it',
      )
      .option('--force', 'replace the golden vectors that are there');
  },
  load: async () => (await import('./golden.js')).golden,
};
