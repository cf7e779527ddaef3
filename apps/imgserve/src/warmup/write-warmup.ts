import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { finished } from 'node:stream/promises';
import { recordPieces } from './tf-record.js';

/** Where TensorFlow Serving looks, in a version's folder. */
export const WARMUP_FILE = join('assets.extra', 'tf_serving_warmup_requests');

/** TensorFlow Serving refuses a model whose file holds more. */
export const MAX_RECORDS = 1000;

/**
 * Writes records to a file, one after the other.
 *
 * @param written told how many there are, after each
 * @returns bytes of the file
 */
export async function writeRecords(
  file: string,
  records: AsyncIterable<Uint8Array>,
  written: (count: number) => void,
): Promise<number> {
  const stream = createWriteStream(file);
  const done = finished(stream);
  // Awaited below; a record that cannot be made rejects earlier.
  done.catch(() => undefined);
  let count = 0;
  try {
    for await (const record of records) {
      for (const piece of recordPieces(record)) {
        if (!stream.write(piece)) await Promise.race([once(stream, 'drain'), done]);
      }
      written(++count);
    }
  } finally {
    stream.end();
  }
  await done;
  return stream.bytesWritten;
}
