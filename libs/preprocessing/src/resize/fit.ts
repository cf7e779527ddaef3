import type { Box } from './box.js';
import { roundHalfToEven } from './rounding.js';
import { f32 } from './tf-scale.js';

/** Width and height in pixels. */
export interface Size {
  readonly width: number;
  readonly height: number;
}

/** Where a resized picture of `width` x `height` lies on a target that is larger. */
export interface Placement extends Size {
  readonly left: number;
  readonly top: number;
}

/**
 * The centred part of the target's aspect ratio, in whole pixels: Keras'
 * `load_img(keep_aspect_ratio=True)`. A side may be 0 on very small sources; Pillow then shows one
 * line of pixels, stretched.
 */
export function cropBox(source: Size, target: Size): Box {
  const width = Math.min(source.width, Math.floor((source.height * target.width) / target.height));
  const height = Math.min(source.height, Math.floor((source.width * target.height) / target.width));
  const left = Math.floor((source.width - width) / 2);
  const top = Math.floor((source.height - height) / 2);
  return { left, top, right: left + width, bottom: top + height };
}

/** As `cropBox`, but at least one pixel: Keras' `smart_resize` of an array. */
export function smartCropBox(source: Size, target: Size): Placement {
  const box = cropBox(source, target);
  const width = Math.max(box.right - box.left, 1);
  const height = Math.max(box.bottom - box.top, 1);
  return {
    width,
    height,
    left: Math.floor((source.width - width) / 2),
    top: Math.floor((source.height - height) / 2),
  };
}

/**
 * Where `PIL.ImageOps.pad` puts the picture: as large as fits in its own aspect ratio, centred. A side
 * of 0 means that nothing of it is left: Pillow 13 gives the bare background then.
 */
export function padPlacement(source: Size, target: Size): Placement {
  const { width, height } = contain(source, target);
  return {
    width,
    height,
    left: roundHalfToEven((target.width - width) * 0.5),
    // Pillow centres along one axis alone; the other differs only where the width does not.
    top: width === target.width ? roundHalfToEven((target.height - height) * 0.5) : 0,
  };
}

/** `PIL.ImageOps.contain`'s size. */
function contain(source: Size, target: Size): Size {
  const sourceRatio = source.width / source.height;
  const targetRatio = target.width / target.height;
  if (sourceRatio > targetRatio) {
    const height = roundHalfToEven((source.height / source.width) * target.width);
    return { width: target.width, height };
  }
  if (sourceRatio < targetRatio) {
    const width = roundHalfToEven((source.width / source.height) * target.height);
    return { width, height: target.height };
  }
  return target;
}

/**
 * Where `tf.image.resize_with_pad` puts the picture, in its float32 arithmetic (which can leave a
 * line of padding where none is due). TensorFlow refuses a picture of which a side would vanish; one
 * pixel of it is kept here.
 */
export function tfPadPlacement(source: Size, target: Size): Placement {
  const ratio = Math.max(f32(source.width / target.width), f32(source.height / target.height));
  const width = f32(source.width / ratio);
  const height = f32(source.height / ratio);
  return {
    width: Math.max(Math.floor(width), 1),
    height: Math.max(Math.floor(height), 1),
    left: Math.max(Math.floor(f32(f32(target.width - width) / 2)), 0),
    top: Math.max(Math.floor(f32(f32(target.height - height) / 2)), 0),
  };
}
