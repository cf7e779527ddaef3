import type { CommandDefinition } from '../frame/command.js';
import { milliseconds } from '../options/seconds.js';

export const init: CommandDefinition = {
  name: 'init',
  summary: "write a model's spec, model.yaml",
  description:
    "Writes models/NAME/model.yaml: what the gateway has to know of a model. Size and number of labels come from the model's " +
    'signature; how pixels are scaled from --preset, a family of keras.applications or one of its models, or from --scaling.',
  examples: [
    ['imgserve init models/pets --labels pets.txt --preset mobilenet_v2', 'beside its versions'],
    [
      'imgserve init pets.keras --labels class_indices.json --preset EfficientNetB3',
      'before it is converted',
    ],
    [
      'imgserve init grpc://localhost:8500/pets --labels pets.txt --scaling unit --scores logits',
      'of a server',
    ],
  ],
  declare: (command) => {
    command
      .argument(
        '<model>',
        'a SavedModel, a folder of versions, an .onnx, .keras or .h5 file, or grpc://HOST:PORT/MODEL[/VERSION]',
      )
      .requiredOption(
        '--labels <file>',
        "one label a line, or JSON: a list, Keras' class_indices, ImageNet's class index",
      )
      .option('--preset <network>', 'how a network of keras.applications is given its pictures')
      .option('--name <name>', "the model's name; from the path where left out")
      .option('--signature <name>', 'serving_default, or the only one, where left out')
      .option(
        '--size <size>',
        'HEIGHTxWIDTH or both as one number, where the signature leaves it open',
      )
      .option(
        '--resample <filter>',
        "as Pillow's or tf.image's; nearest, Keras' load_img's, where left out",
      )
      .option('--fit <fit>', 'stretch, crop or pad; stretch where left out')
      .option('--scaling <scaling>', 'none, unit, tf, torch, caffe or SCALE,OFFSET')
      .option('--decode <mode>', 'exact or fast; exact where left out')
      .option('--scores <kind>', 'logits or probabilities, where the graph does not tell')
      .option('--out <file>', 'where to write; models/NAME/model.yaml where left out')
      .option('--force', 'replace the spec that is there')
      .option('--timeout <seconds>', 'how long a server may take', milliseconds, 5000);
  },
  load: async () => (await import('./init.js')).init,
};
