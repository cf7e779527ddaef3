import { PassThrough } from 'node:stream';
import { FrameReader, writeFrame } from './frame.js';

/** What is read of these bytes when they come in pieces of so many. */
function read(bytes: Buffer, pieceBytes: number): { header: unknown; body: number[] }[] {
  const frames: { header: unknown; body: number[] }[] = [];
  const reader = new FrameReader(
    (_header, length) => new Uint8Array(length),
    (header, body) => frames.push({ header, body: [...body] }),
  );
  for (let at = 0; at < bytes.length; at += pieceBytes) {
    reader.push(bytes.subarray(at, at + pieceBytes));
  }
  return frames;
}

function written(...frames: [header: unknown, body: Uint8Array][]): Buffer {
  const channel = new PassThrough();
  for (const [header, body] of frames) writeFrame(channel, header, body);
  return channel.read() as Buffer;
}

describe('a frame', () => {
  it.each([1, 3, 8, 9, 1000])('is read however it comes: in pieces of %i', (pieceBytes) => {
    const bytes = written(
      [{ spec: 'ä' }, new Uint8Array([1, 2, 3])],
      [{ left: true }, new Uint8Array(0)],
      [[], new Uint8Array(20).fill(7)],
    );
    expect(read(bytes, pieceBytes)).toEqual([
      { header: { spec: 'ä' }, body: [1, 2, 3] },
      { header: { left: true }, body: [] },
      { header: [], body: Array.from({ length: 20 }, () => 7) },
    ]);
  });

  it('that is none is refused before anything is kept for it', () => {
    expect(() => read(Buffer.alloc(8, 0xff), 8)).toThrow('Expected a frame');
    expect(() => read(Buffer.from([1, 0, 0, 0, 0, 0, 0, 0, 0x7b]), 9)).toThrow(SyntaxError);
  });
});
