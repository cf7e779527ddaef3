import sharp from 'sharp';

/** A small drawn picture: a colour gradient, deterministic. */
export function gradientPng(width = 64, height = 48): Promise<Buffer> {
  return sharp(gradient(width, height), { raw: { width, height, channels: 3 } })
    .png()
    .toBuffer();
}

/** Only libvips decodes it, which gives all pixels before they are resized. */
export function gradientWebp(width = 64, height = 48): Promise<Buffer> {
  return sharp(gradient(width, height), { raw: { width, height, channels: 3 } })
    .webp()
    .toBuffer();
}

export function gradientJpeg(width = 640, height = 480): Promise<Buffer> {
  return sharp(gradient(width, height), { raw: { width, height, channels: 3 } })
    .jpeg()
    .toBuffer();
}

function gradient(width: number, height: number): Uint8Array {
  const data = new Uint8Array(width * height * 3);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      data.set(
        [(255 * x) / width, (255 * y) / height, (x ^ y) & 255].map(Math.trunc),
        (y * width + x) * 3,
      );
    }
  }
  return data;
}
