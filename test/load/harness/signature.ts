import { signatureDefMap } from '../../../libs/serving-client/src/package-definition.js';
import { CLASSES } from './scores.js';

/** Height and width of the model's input. */
export const SIDE = 299;

/** The clothing model's signatures as GetModelMetadata tells them. */
export function encodedSignatures(dtype: 'float' | 'uint8'): Uint8Array {
  return signatureDefMap.serialize({
    signatureDef: {
      serving_default: {
        inputs: {
          input_8: {
            name: 'serving_default_input_8:0',
            dtype: dtype === 'float' ? 'DT_FLOAT' : 'DT_UINT8',
            tensorShape: shapeOf(-1, SIDE, SIDE, 3),
          },
        },
        outputs: {
          dense_7: {
            name: 'StatefulPartitionedCall:0',
            dtype: 'DT_FLOAT',
            tensorShape: shapeOf(-1, CLASSES),
          },
        },
        methodName: 'tensorflow/serving/predict',
      },
    },
  });
}

function shapeOf(...sizes: number[]) {
  return { dim: sizes.map((size) => ({ size })) };
}
