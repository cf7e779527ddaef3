import type { Transform } from 'node:stream';
import * as zlib from 'node:zlib';
import { ImageSourceFailedError } from './errors.js';

const OPTIONS = { chunkSize: 64 * 1024 };

/** Largest zstd window that a sender may ask for: 8 MiB (RFC 9659). */
const ZSTD_WINDOW_LOG_MAX = 23;

/**
 * The decoder for an answer's `Content-Encoding`; undefined where there is none, as was asked for.
 * `deflate` is zlib's format (RFC 9110, section 8.4.1.2). zstd needs a Node that has it.
 *
 * @throws ImageSourceFailedError for an unknown encoding, and for several stacked ones: each would
 *   multiply what a small body can grow to
 */
export function contentDecoder(headers: ReadonlyMap<string, string>): Transform | undefined {
  const encodings = (headers.get('content-encoding') ?? '')
    .split(',')
    .map((encoding) => encoding.trim().toLowerCase())
    .filter((encoding) => encoding !== '' && encoding !== 'identity');
  const transfer = headers.get('transfer-encoding')?.trim().toLowerCase() ?? 'chunked';
  if (encodings.length > 1 || transfer !== 'chunked') throw unsupported();
  return encodings[0] === undefined ? undefined : decoderFor(encodings[0]);
}

function decoderFor(encoding: string): Transform {
  switch (encoding) {
    case 'gzip':
    case 'x-gzip':
      return zlib.createGunzip(OPTIONS);
    case 'deflate':
      return zlib.createInflate(OPTIONS);
    case 'br':
      return zlib.createBrotliDecompress(OPTIONS);
    case 'zstd':
      return zstdDecoder();
    default:
      throw unsupported();
  }
}

function zstdDecoder(): Transform {
  const { createZstdDecompress, constants } = zlib as unknown as {
    createZstdDecompress?: (options: object) => Transform;
    constants: { ZSTD_d_windowLogMax: number };
  };
  if (!createZstdDecompress) throw unsupported();
  const params = { [constants.ZSTD_d_windowLogMax]: ZSTD_WINDOW_LOG_MAX };
  return createZstdDecompress({ ...OPTIONS, params });
}

function unsupported(): ImageSourceFailedError {
  return new ImageSourceFailedError(
    'The image source answered with an encoding that is not supported.',
  );
}
