/** Twice what is shown, for screens of many pixels. */
const SIDE = 96;

/** Draws the middle of a picture, and keeps nothing else of it. Leaves empty what this browser cannot read. */
export async function thumbnail(file, canvas) {
  canvas.dataset.drawn = 'true';
  try {
    const bitmap = await createImageBitmap(file, { resizeHeight: SIDE, resizeQuality: 'medium' });
    const scale = Math.max(1, SIDE / bitmap.width);
    const [width, height] = [bitmap.width * scale, bitmap.height * scale];
    canvas.width = canvas.height = SIDE;
    const context = canvas.getContext('2d');
    context.drawImage(bitmap, (SIDE - width) / 2, (SIDE - height) / 2, width, height);
    bitmap.close();
  } catch {
    // The service may read it all the same, or says why not.
  }
}
