import { Option } from 'commander';
import type { CommandDefinition } from '../frame/index.js';

export const manifest: CommandDefinition = {
  name: 'manifest',
  summary: 'write the overlay that serves a model in a cluster',
  description:
    'Writes a folder for kubectl: the spec and its golden images for the gateway, the name for the model server, and the image of ' +
    'the model, over one of the overlays of deploy/.',
  examples: [
    ['imgserve manifest models/pets --image pets:0.1.0', 'deploy/overlays/pets, over kind'],
    [
      'imgserve manifest models/pets --overlay eks --image 111122223333.dkr.ecr.us-east-1.amazonaws.com/pets:1',
      'on EKS',
    ],
    ['kubectl apply -k deploy/overlays/pets', 'what comes next'],
  ],
  declare: (command) => {
    command
      .argument('<model>', 'its folder, its spec, or its name in MODEL_CATALOG')
      .option('--image <image>', "the model's; NAME:0.1.0 where left out, on kind")
      .addOption(
        new Option('--overlay <overlay>', 'what it is built upon')
          .choices(['kind', 'eks', 'base'])
          .default('kind'),
      )
      .addOption(
        new Option('--server <server>', 'what the image runs')
          .choices(['tf-serving', 'model-server'])
          .default('tf-serving'),
      )
      .option('--no-golden', 'leave the golden images out: readiness then asks one drawn image')
      .option('--out <folder>', 'where to write; deploy/overlays/NAME where left out')
      .option('--force', 'replace the folder that is there');
  },
  load: async () => (await import('./manifest.js')).manifest,
};
