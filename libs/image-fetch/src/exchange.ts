import { request as httpRequest, type ClientRequest, type IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { pipeline, Writable, type Transform } from 'node:stream';
import type { BufferPool } from '#buffer-pool';
import { DomainError } from '#errors';
import { projectVersion } from '#project';
import { ByteCollector } from './byte-collector.js';
import type { ConnectionPool, PooledRequest } from './connection-pool.js';
import type { Connector } from './connector.js';
import { contentDecoder } from './content-decoder.js';
import {
  EmptyLinkedImageError,
  ImageSourceFailedError,
  LinkedImageTooLargeError,
} from './errors.js';
import { parseLocation, type Link } from './link.js';

/** One answer: the image, or where to look for it instead. */
export type Answer = { image: Buffer } | { redirect: Link };

export interface Exchange {
  link: Link;
  connector: Connector;
  pool: ConnectionPool;
  /** Where bodies are kept. */
  buffers: BufferPool;
  maxBytes: number;
  signal: AbortSignal;
}

const MAX_HEADER_BYTES = 16 * 1024;
const MAX_INTERIM_ANSWERS = 16;
const MAX_SMALL_PIECES = 16 * 1024;
const SMALL_PIECE_BYTES = 64;
const REDIRECTS = new Set([301, 302, 303, 307, 308]);
const USER_AGENT = `image-classification-gateway/${projectVersion}`;

/** An idle connection that its other end had closed already: nothing was answered on it. */
class StaleConnectionError extends Error {}

/** Asks for `link`, over an idle connection where there is one, and reads the answer. */
export async function exchange(options: Exchange): Promise<Answer> {
  const { link, connector, pool, signal } = options;
  const poolKey = pool.keyOf(link);
  for (;;) {
    signal.throwIfAborted();
    const connection = pool.hasIdle(poolKey) ? undefined : await connector.connect(link, signal);
    if (connection?.destroyed) throw brokenOff();
    try {
      return await answerTo(send(link, { agent: pool, poolKey, connection }), options);
    } catch (error) {
      // Each turn uses an idle connection up, so this ends.
      if (!(error instanceof StaleConnectionError)) throw error;
    }
  }
}

function send(link: Link, pooled: PooledRequest): ClientRequest {
  let request: ClientRequest | undefined;
  try {
    request = httpRequest({
      ...pooled,
      path: link.url.pathname + link.url.search,
      headers: {
        Host: link.url.host.replace(/\.(?=:\d+$|$)/, ''),
        'User-Agent': USER_AGENT,
        Accept: 'image/*',
        'Accept-Encoding': 'identity',
      },
      maxHeaderSize: MAX_HEADER_BYTES,
      insecureHTTPParser: false,
    } as PooledRequest);
    request.end();
    return request;
  } finally {
    // Another connection may have come free while this one was made; the pool prefers it.
    if (!request || request.reusedSocket) pooled.connection?.destroy();
  }
}

function answerTo(request: ClientRequest, options: Exchange): Promise<Answer> {
  const { signal } = options;
  return new Promise<Answer>((resolve, reject) => {
    let response: IncomingMessage | undefined;
    let interimAnswers = 0;
    const fail = (error?: unknown): void => {
      reject(
        error instanceof DomainError
          ? error
          : !response && request.reusedSocket
            ? new StaleConnectionError('Stale connection', { cause: error })
            : brokenOff(error),
      );
      request.destroy();
    };
    const onAbort = (): void => {
      fail(signal.reason);
    };
    if (signal.aborted) onAbort();
    signal.addEventListener('abort', onAbort);
    request.on('error', (error) => {
      // A server that sends more than it announced has still sent the image.
      if (!response?.complete) fail(error);
    });
    request.on('information', () => {
      if (++interimAnswers > MAX_INTERIM_ANSWERS) fail();
    });
    request.on('upgrade', (_, socket: Socket) => {
      socket.destroy();
      fail();
    });
    request.on('response', (received) => {
      response = received;
      try {
        readAnswer(received, options, fail, resolve);
      } catch (error) {
        fail(error);
      }
    });
    request.on('close', () => {
      signal.removeEventListener('abort', onAbort);
      if (!response) fail();
    });
  });
}

function readAnswer(
  response: IncomingMessage,
  { link, maxBytes, buffers }: Exchange,
  fail: (error: unknown) => void,
  resolve: (answer: Answer) => void,
): void {
  const status = response.statusCode!;
  if (REDIRECTS.has(status)) {
    const redirect = parseLocation(response.headers.location, link.url, status);
    resolve({ redirect });
    // Its body is of no use, and may be endless.
    response.destroy();
    return;
  }
  // 206 is a part of an image, though the whole was asked for.
  if (status < 200 || status > 299 || status === 206) {
    throw new ImageSourceFailedError(`The image source answered with status ${status}.`, {
      status,
    });
  }
  const announced = response.headers['content-length'];
  const length = announced === undefined ? undefined : Number(announced);
  if (length !== undefined && length > maxBytes) throw new LinkedImageTooLargeError(maxBytes);

  const decoder = contentDecoder(response.headers);
  const collector = new ByteCollector(buffers, maxBytes, decoder ? undefined : length);
  const failBody = (error: unknown): void => {
    collector.discard();
    fail(error);
  };
  const done = (): void => {
    const image = collector.finish();
    if (image.length === 0) fail(new EmptyLinkedImageError());
    else resolve({ image });
  };
  watch(response, maxBytes, failBody);
  if (decoder) collectDecoded(response, decoder, collector, done, failBody);
  else collect(response, collector, done, failBody);
}

/** By events: `pipeline` makes an AbortController and its error for each body. */
function collect(
  response: IncomingMessage,
  collector: ByteCollector,
  done: () => void,
  fail: (error?: unknown) => void,
): void {
  let isOver = false;
  const end = (finish: () => void): void => {
    if (isOver) return;
    isOver = true;
    finish();
  };
  response.on('data', (chunk: Buffer) => {
    if (isOver) return;
    try {
      collector.push(chunk);
    } catch (error) {
      end(() => {
        fail(error);
      });
    }
  });
  response.on('end', () => {
    end(done);
  });
  response.on('error', (error) => {
    end(() => {
      fail(error);
    });
  });
  response.on('close', () => {
    end(fail);
  });
}

function collectDecoded(
  response: IncomingMessage,
  decoder: Transform,
  collector: ByteCollector,
  done: () => void,
  fail: (error: unknown) => void,
): void {
  const sink = new Writable({
    decodeStrings: false,
    write(chunk: Buffer, _, next) {
      try {
        collector.push(chunk);
        next();
      } catch (error) {
        next(error as Error);
      }
    },
  });
  pipeline(response, decoder, sink, (error) => {
    if (error) fail(error);
    else done();
  });
}

/**
 * Ends a body that is too long as sent, though it may decode to nothing, and one in so many small
 * pieces that handling them would keep a processor busy for a fraction of the sender's effort.
 */
function watch(response: IncomingMessage, maxBytes: number, fail: (error: unknown) => void): void {
  let sent = 0;
  let pieces = 0;
  response.on('data', (chunk: Buffer) => {
    sent += chunk.length;
    pieces++;
    if (sent > maxBytes) fail(new LinkedImageTooLargeError(maxBytes));
    else if (pieces > MAX_SMALL_PIECES && sent < pieces * SMALL_PIECE_BYTES) {
      fail(new ImageSourceFailedError('The image source sent its image in too many small pieces.'));
    }
  });
}

function brokenOff(cause?: unknown): ImageSourceFailedError {
  return new ImageSourceFailedError(
    'The image source broke off, or answered with something that is not valid HTTP.',
    { cause },
  );
}
