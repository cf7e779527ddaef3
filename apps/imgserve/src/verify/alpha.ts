import type { Pixels } from '#preprocessing';

/** Whether some pixels of a file may be transparent. */
export async function hasAlpha(file: Uint8Array): Promise<boolean> {
  const { default: sharp } = await import('sharp');
  return (await sharp(file).metadata()).hasAlpha;
}

/** The picture on a gray, with the rounding of Pillow's `Image.paste(image, mask=image)`. */
export async function onBackground(file: Uint8Array, gray: number): Promise<Pixels> {
  const { default: sharp } = await import('sharp');
  const { data, info } = await sharp(file, { ignoreIcc: true })
    .toColourspace('srgb')
    .ensureAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  const { width, height } = info;
  const pixels = new Uint8Array(width * height * 3);
  for (let i = 0; i < width * height; i++) {
    const alpha = data[i * 4 + 3]!;
    for (let channel = 0; channel < 3; channel++) {
      const sum = gray * (255 - alpha) + data[i * 4 + channel]! * alpha + 128;
      pixels[i * 3 + channel] = ((sum >> 8) + sum) >> 8;
    }
  }
  return { width, height, data: pixels };
}
