import type { CommandDefinition } from '../frame/index.js';

export const verify: CommandDefinition = {
  name: 'verify',
  summary: 'hold the preprocessing, and a server, against the golden vectors',
  description:
    'Prepares each golden image as the gateway does and compares it with what Keras made of it, bit for ' +
    'bit. Tells which image parts at which stage and how far, and looks for what would have to be ' +
    'otherwise for them to be equal. Ends with 1 where something differs.',
  examples: [
    ['imgserve verify', 'every model of MODEL_CATALOG'],
    ['imgserve verify models/mine --against grpc://localhost:8500', 'a server too'],
  ],
  declare: (command) => {
    command
      .argument('[model...]', 'specs, their folders, or names in MODEL_CATALOG; all where left out')
      .option(
        '--against <address>',
        'a server, grpc://host:port: its scores are held against the golden ones',
      )
      .option(
        '--golden <folder>',
        'the folder of golden.json, in place of golden/ beside the spec',
      );
  },
  load: async () => (await import('./verify.js')).verify,
};
