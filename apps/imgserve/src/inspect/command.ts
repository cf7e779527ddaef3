import type { CommandDefinition } from '../frame/command.js';
import { milliseconds } from '../options/seconds.js';

export const inspect: CommandDefinition = {
  name: 'inspect',
  summary: 'what a model takes and answers',
  description:
    'Prints the signatures of a model with their dtypes and shapes, its size and its weights.\n' +
    'Needs no Python, and reads no weights.',
  examples: [
    ['imgserve inspect models/clothing-model', 'the newest of a folder of versions'],
    ['imgserve inspect model.onnx', 'an ONNX file'],
    ['imgserve inspect model.keras', 'what a Keras file tells, before it is converted'],
    ['imgserve inspect grpc://localhost:8500/clothing-model', 'what a server serves'],
    ['imgserve inspect models/clothing-model --json | jq .meta_graphs', 'for programs'],
  ],
  declare: (command) => {
    command
      .argument(
        '<model>',
        'a SavedModel, a folder of versions, an .onnx, .keras or .h5 file, or grpc://HOST:PORT/MODEL[/VERSION]',
      )
      .option('--timeout <seconds>', 'how long a server may take', milliseconds, 5000);
  },
  load: async () => (await import('./inspect.js')).inspect,
};
