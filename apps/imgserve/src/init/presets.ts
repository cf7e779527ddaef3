import type { ScalingName } from '#preprocessing';

/** How the networks of one of Keras' families were trained to be given pictures. */
export interface Preset {
  readonly family: string;
  /** The mode of the family's `preprocess_input`; `none` where the network scales by itself. */
  readonly scaling: ScalingName;
  /** Height and width of the model's default, or of the smallest of its family. */
  readonly size: number;
}

interface Family {
  readonly scaling: ScalingName;
  /** By the name of the model. */
  readonly sizes: Readonly<Record<string, number>>;
}

/** keras.applications of Keras 3; `test/parity/imgserve` holds it against Keras itself. */
export const FAMILIES: Readonly<Record<string, Family>> = {
  convnext: {
    scaling: 'none',
    sizes: of(224, 'ConvNeXtTiny ConvNeXtSmall ConvNeXtBase ConvNeXtLarge ConvNeXtXLarge'),
  },
  densenet: { scaling: 'torch', sizes: of(224, 'DenseNet121 DenseNet169 DenseNet201') },
  efficientnet: {
    scaling: 'none',
    sizes: {
      EfficientNetB0: 224,
      EfficientNetB1: 240,
      EfficientNetB2: 260,
      EfficientNetB3: 300,
      EfficientNetB4: 380,
      EfficientNetB5: 456,
      EfficientNetB6: 528,
      EfficientNetB7: 600,
    },
  },
  efficientnet_v2: {
    scaling: 'none',
    sizes: {
      EfficientNetV2B0: 224,
      EfficientNetV2B1: 240,
      EfficientNetV2B2: 260,
      EfficientNetV2B3: 300,
      EfficientNetV2S: 384,
      EfficientNetV2M: 480,
      EfficientNetV2L: 480,
    },
  },
  inception_resnet_v2: { scaling: 'tf', sizes: of(299, 'InceptionResNetV2') },
  inception_v3: { scaling: 'tf', sizes: of(299, 'InceptionV3') },
  mobilenet: { scaling: 'tf', sizes: of(224, 'MobileNet') },
  mobilenet_v2: { scaling: 'tf', sizes: of(224, 'MobileNetV2') },
  mobilenet_v3: { scaling: 'none', sizes: of(224, 'MobileNetV3Small MobileNetV3Large') },
  nasnet: { scaling: 'tf', sizes: { NASNetMobile: 224, NASNetLarge: 331 } },
  resnet: { scaling: 'caffe', sizes: of(224, 'ResNet50 ResNet101 ResNet152') },
  resnet_v2: { scaling: 'tf', sizes: of(224, 'ResNet50V2 ResNet101V2 ResNet152V2') },
  vgg16: { scaling: 'caffe', sizes: of(224, 'VGG16') },
  vgg19: { scaling: 'caffe', sizes: of(224, 'VGG19') },
  xception: { scaling: 'tf', sizes: of(299, 'Xception') },
};

/**
 * The preset of a family, `mobilenet_v2`, or of one of its models, `EfficientNetB3`, however they are
 * written.
 */
export function presetOf(name: string): Preset | undefined {
  const wanted = plain(name);
  for (const [family, { scaling, sizes }] of Object.entries(FAMILIES)) {
    const model = Object.keys(sizes).find((key) => plain(key) === wanted);
    if (model !== undefined) return { family, scaling, size: sizes[model]! };
    const [first] = Object.values(sizes);
    if (plain(family) === wanted) return { family, scaling, size: first! };
  }
  return undefined;
}

function plain(name: string): string {
  return name.toLowerCase().replace(/[-_ ]/g, '');
}

function of(size: number, models: string): Record<string, number> {
  return Object.fromEntries(models.split(' ').map((model) => [model, size]));
}
