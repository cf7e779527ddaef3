import type { CommandDefinition } from '../frame/index.js';

export const convert: CommandDefinition = {
  name: 'convert',
  summary: 'a Keras model to what TensorFlow Serving and the model server load',
  description:
    'Writes NAME/VERSION with a SavedModel and the same as ONNX, and holds both against Keras on pictures. ' +
    'Signatures: serving_default, what the network takes; serving_uint8, pixels that the graph scales; and, in the SavedModel, ' +
    'serving_bytes, image files that the graph decodes, resizes and scales. The last two need to know the scaling.',
  examples: [
    ['imgserve convert my-model.keras --scaling tf --resample bilinear', 'to models/my-model/1'],
    ['imgserve convert my-model.h5 --spec models/my-model/model.yaml', 'as a spec says'],
    ['imgserve convert exported/ --name pets --images photos', 'compared on photos'],
  ],
  declare: (command) => {
    command
      .argument('<source>', '.keras, .h5, or the folder of a SavedModel')
      .option('--name <name>', "the model's name; the file's where left out")
      .option('--out <folder>', 'where to write, NAME/VERSION; models/NAME/1 where left out')
      .option('--spec <file>', "the model's spec; model.yaml beside the version where it is there")
      .option('--preset <network>', 'scaled as this network of keras.applications is')
      .option('--scaling <scaling>', 'none, unit, tf, torch, caffe or SCALE,OFFSET')
      .option('--resample <filter>', 'as in a spec: nearest, bilinear, tf-bilinear …')
      .option('--fit <fit>', 'stretch, crop or pad')
      .option('--size <size>', 'HEIGHTxWIDTH, where the network leaves them open')
      .option('--input-name <name>', "the input's name; the network's own where left out")
      .option('--output-name <name>', "the output's name; the network's own where left out")
      .option('--images <folder>', 'pictures to compare on; drawn ones where left out')
      .option('--no-onnx', 'the SavedModel alone')
      .option('--python <path>', 'your own Python, with the packages of apps/imgserve/python')
      .option('--docker', 'in a container, where there is no Python');
  },
  load: async () => (await import('./convert.js')).convert,
};
