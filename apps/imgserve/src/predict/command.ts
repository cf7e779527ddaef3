import type { CommandDefinition } from '../frame/index.js';
import { wholeNumber } from '../options/numbers.js';

export const predict: CommandDefinition = {
  name: 'predict',
  summary: 'ask a gateway what is on images',
  description:
    'Asks about files, links and folders of images, several at once, and tells the answers in their ' +
    'order, each as soon as it is its turn. What the gateway puts off is asked again when it says. Ends ' +
    'with 1 where an image has no answer.',
  examples: [
    ['imgserve predict pants.jpg', 'the gateway on this machine'],
    ['imgserve predict photos --csv > photos.csv', 'a folder, for a spreadsheet'],
    ['imgserve predict photos --url https://images.example.com --api-key-file key', 'another'],
  ],
  declare: (command) => {
    command
      .argument('<image...>', 'files, http(s) links that the gateway fetches, folders')
      .option('--url <url>', 'where the gateway is', 'http://localhost:9696')
      .option('--model <name>', "another model of the gateway's than the default one")
      .option('--top <k>', 'so many of the best classes', wholeNumber(1, 100_000), 1)
      .option('--csv', 'as CSV: a row for each class of an image')
      .option('--concurrency <n>', 'images in work at once', wholeNumber(1, 256), 8)
      .option('--timeout <s>', 'for one image, waits included', wholeNumber(1, 86_400), 300)
      .option('--api-key-file <file>', 'holds the key that the gateway asks for');
  },
  load: async () => (await import('./predict.js')).predict,
};
