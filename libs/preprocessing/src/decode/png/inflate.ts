import { createInflate, inflateSync, type Inflate } from 'node:zlib';

/** Up to here pixels are inflated at once, which is a tenth faster: such as 1280 x 960 pixels of RGB. */
const AT_ONCE_BYTES = 1 << 22;

/** What is inflated at a time of others. */
const PIECE_BYTES = 1 << 18;

/** What is handed on at a time is no more. */
export const MAX_PIECE_BYTES = Math.max(AT_ONCE_BYTES, PIECE_BYTES);

/** The least that zlib takes for a piece. */
const MIN_PIECE_BYTES = 64;

/**
 * Inflates to just so many bytes, and hands them on in order. Of a stream that holds more, no more is inflated.
 *
 * @param take tells whether to go on
 * @returns false where the stream is broken, of another length or followed by something, or where `take` says no
 */
export async function inflate(
  pieces: readonly Uint8Array[],
  length: number,
  take: (bytes: Uint8Array) => boolean,
): Promise<boolean> {
  try {
    return await (length <= AT_ONCE_BYTES ? atOnce : inPieces)(pieces, length, take);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'ERR_BUFFER_TOO_LARGE' && code?.startsWith('Z_') !== true) throw error;
    return false;
  }
}

function atOnce(
  pieces: readonly Uint8Array[],
  length: number,
  take: (bytes: Uint8Array) => boolean,
): boolean {
  const stream = pieces.length === 1 ? pieces[0]! : Buffer.concat(pieces);
  const { buffer, engine } = inflateSync(stream, {
    // One more, or zlib would be given another piece of that size to find out that it is done.
    chunkSize: Math.max(length + 1, MIN_PIECE_BYTES),
    maxOutputLength: length,
    info: true,
  }) as unknown as { buffer: Buffer; engine: Inflate };
  if (buffer.length !== length || engine.bytesWritten !== stream.length) return false;
  return take(buffer);
}

async function inPieces(
  pieces: readonly Uint8Array[],
  length: number,
  take: (bytes: Uint8Array) => boolean,
): Promise<boolean> {
  // A copy, which nobody else writes to while another thread reads it.
  const stream = Buffer.concat(pieces);
  const engine = createInflate({ chunkSize: PIECE_BYTES });
  engine.end(stream);
  let taken = 0;
  for await (const piece of engine as AsyncIterable<Buffer>) {
    taken += piece.length;
    if (taken > length || !take(piece)) return false;
  }
  return taken === length && engine.bytesWritten === stream.length;
}
