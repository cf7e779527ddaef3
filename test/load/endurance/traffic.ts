import sharp from 'sharp';
import { startOrigin } from '../harness/origin.js';
import { KINDS, photographs } from '../harness/pictures.js';
import { base64Of, batchOf, linkOf, rawOf, uploadOf, type Sample } from '../harness/samples.js';
import { badSamples } from './bad-samples.js';

export interface Traffic {
  readonly samples: readonly Sample[];
  close(): Promise<void>;
}

/** As the day brings it: pictures of all sizes by every way in, batches, and what does not work. */
export async function drawTraffic(): Promise<Traffic> {
  const { small, medium, large } = KINDS;
  const [smalls, mediums, larges] = await Promise.all(
    [small, medium, large].map(({ count, width, height }) => photographs(count, width, height)),
  );
  const good = [...smalls!, ...mediums!, larges![0]!];
  const truncated = smalls![0]!.subarray(0, smalls![0]!.byteLength >> 1);
  const tooLarge = await sharp({
    create: { width: 8000, height: 8000, channels: 3, background: 'red' },
  })
    .png()
    .toBuffer();
  const png = await sharp(smalls![1]).png().toBuffer();
  const webp = await sharp(smalls![2]).webp().toBuffer();
  const origin = await startOrigin(
    new Map([
      ...good.map((bytes, at): [string, Uint8Array] => [`${at}.jpg`, bytes]),
      ['truncated', truncated],
      ['text', Buffer.from('This is no picture.')],
      ['too-large', tooLarge],
    ]),
  );
  const link = (at: number): string => origin.link(`${at % good.length}.jpg`);
  const bad = badSamples(origin, { truncated, tooLarge });
  const samples = good.flatMap((bytes, at) => [
    linkOf('link', link(at)),
    uploadOf('upload', bytes),
    bad[(2 * at) % bad.length]!,
    base64Of('base64', bytes),
    rawOf('raw', [bytes, png, webp][at % 3]!),
    batchOf('batch of links', [{ url: link(at) }, { url: link(at + 1) }, { url: link(at + 2) }]),
    bad[(2 * at + 1) % bad.length]!,
    batchOf(
      'batch of good and bad',
      [
        { url: link(at) },
        { image: truncated.toString('base64') },
        { url: origin.link('missing') },
        { image: png.toString('base64') },
      ],
      ['', 'IMAGE_UNDECODABLE', 'IMAGE_SOURCE_FAILED', ''],
    ),
  ]);
  return { samples, close: () => origin.stop() };
}
