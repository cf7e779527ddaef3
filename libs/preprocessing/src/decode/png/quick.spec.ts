import sharp from 'sharp';
import { isQuickPng } from './quick.js';

function png(width: number, height: number): Promise<Buffer> {
  const background = { r: 1, g: 2, b: 3 };
  return sharp({ create: { width, height, channels: 3, background } })
    .png()
    .toBuffer();
}

/** A chunk without a checksum that is right: nothing here looks at it. */
function chunk(type: string, content: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(content.length);
  return Buffer.concat([length, Buffer.from(type, 'latin1'), content, Buffer.alloc(4)]);
}

/** What is there, behind the header. */
async function withChunk(inserted: Buffer): Promise<Buffer> {
  const file = await png(30, 20);
  return Buffer.concat([file.subarray(0, 33), inserted, file.subarray(33)]);
}

describe('a PNG is quick', () => {
  it('where it is small and begins with its pixels', async () => {
    expect(isQuickPng(await png(300, 400))).toBe(true);
    expect(isQuickPng(await withChunk(chunk('tEXt', Buffer.from('a\0b'))))).toBe(true);
  });

  it('not where it has many pixels, or much in front of them', async () => {
    expect(isQuickPng(await png(400, 400))).toBe(false);
    expect(isQuickPng(await withChunk(chunk('zTXt', Buffer.alloc(5000))))).toBe(false);
  });

  it('not where a text only names them', async () => {
    const named = chunk('tEXt', Buffer.from('IDAT\0IDAT'));
    const much = chunk('zTXt', Buffer.alloc(5000));
    expect(isQuickPng(await withChunk(Buffer.concat([named, much])))).toBe(false);
  });

  it('not where it breaks off, or a chunk is longer than the file', async () => {
    const file = await png(30, 20);
    for (let end = 0; end < 40; end++) expect(isQuickPng(file.subarray(0, end))).toBe(false);
    const endless = await withChunk(chunk('tEXt', Buffer.alloc(9)));
    endless.writeUInt32BE(0xffffffff, 33);
    expect(isQuickPng(endless)).toBe(false);
  });
});
