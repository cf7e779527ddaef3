import type { Transform } from 'node:stream';
import { framingOf, type BodyFraming } from './body-framing.js';
import { ByteCollector } from './byte-collector.js';
import type { FetchOptions } from './config.js';
import { contentDecoder } from './content-decoder.js';
import {
  EmptyLinkedImageError,
  ImageSourceFailedError,
  LinkedImageTooLargeError,
} from './errors.js';
import { parseLocation, type Link } from './link.js';
import { invalidAnswer, parseHead, type ResponseHead } from './response-head.js';
import type { ImageBuffers } from './image-buffers.js';

/** One answer: the image, or where to look for it instead. */
export type Answer = { image: Buffer } | { redirect: Link };

export interface ReaderOptions {
  /** What was asked for. */
  readonly url: URL;
  readonly buffers: ImageBuffers;
  readonly maxBytes: number;
  readonly take: FetchOptions['take'];
  /** Held back while a decoder has enough to do. */
  readonly connection: { pause(): void; resume(): void };
  /** Called once, with the answer; then nothing is read any more. */
  readonly done: (answer: Answer, isReusable: boolean) => void;
  /** Called once, where there is none. */
  readonly fail: (error: Error) => void;
}

const MAX_HEAD_BYTES = 16 * 1024;
const MAX_INTERIM_ANSWERS = 16;
const MAX_SMALL_PIECES = 16 * 1024;
const SMALL_PIECE_BYTES = 64;
const REDIRECTS = new Set([301, 302, 303, 307, 308]);
const PROTOCOL = 'HTTP/1.';
const HEAD_END = '\r\n\r\n';

/** Reads one answer, as its bytes come. */
export class AnswerReader {
  private isOver = false;
  /** Nothing more is needed of the connection, though a decoder may still be at work. */
  private isWhole = false;
  private head: Buffer | undefined;
  private interimAnswers = 0;
  private isPersistent = false;
  private framing: BodyFraming | undefined;
  private collector: ByteCollector | undefined;
  private decoder: Transform | undefined;
  private sent = 0;
  private pieces = 0;

  constructor(private readonly options: ReaderOptions) {}

  /** @param bytes good during the call alone */
  push(bytes: Buffer): void {
    if (this.isOver || this.isWhole) return;
    try {
      let rest = bytes;
      if (this.framing === undefined) {
        const body = this.readHead(bytes);
        if (body === undefined) return;
        rest = body;
      }
      this.readBody(rest);
    } catch (error) {
      this.fail(error);
    }
  }

  /** The connection says no more, because of an error or not. */
  end(error?: Error): void {
    if (this.isOver || this.isWhole) return;
    if (this.framing?.endsWithConnection === true && error === undefined) this.endBody();
    else this.fail(invalidAnswer(error));
  }

  /** Gives up what was read. */
  discard(): void {
    this.isOver = true;
    this.collector?.discard();
    this.decoder?.destroy();
  }

  /** @returns what has come of the body, once the head is whole */
  private readHead(bytes: Buffer): Buffer | undefined {
    const known = this.head;
    let rest = known === undefined ? bytes : Buffer.concat([known, bytes]);
    for (;;) {
      const end = rest.indexOf(HEAD_END, 0, 'latin1');
      if (end > MAX_HEAD_BYTES || (end < 0 && rest.length > MAX_HEAD_BYTES)) throw invalidAnswer();
      if (end < 0) {
        const start = rest.toString('latin1', 0, PROTOCOL.length);
        if (!PROTOCOL.startsWith(start)) throw invalidAnswer();
        this.head = Buffer.from(rest);
        return undefined;
      }
      const head = parseHead(rest.toString('latin1', 0, end));
      rest = rest.subarray(end + HEAD_END.length);
      if (head.status >= 200) {
        this.head = undefined;
        return this.open(head) ? rest : undefined;
      }
      // A switch of protocols was not asked for.
      if (head.status === 101 || ++this.interimAnswers > MAX_INTERIM_ANSWERS) throw invalidAnswer();
    }
  }

  /** @returns whether there is a body to read */
  private open(head: ResponseHead): boolean {
    const { status, headers } = head;
    const { url, maxBytes, buffers, take } = this.options;
    if (REDIRECTS.has(status)) {
      const redirect = parseLocation(headers.get('location'), url, status);
      // Its body is of no use, and may be endless.
      this.finish({ redirect }, false);
      return false;
    }
    // 206 is a part of an image, though the whole was asked for.
    if (status < 200 || status > 299 || status === 206) {
      throw new ImageSourceFailedError(`The image source answered with status ${status}.`, {
        status,
      });
    }
    this.framing = framingOf(head);
    const { length } = this.framing;
    if (length !== undefined && length > maxBytes) throw new LinkedImageTooLargeError(maxBytes);
    this.isPersistent = head.isPersistent && !this.framing.endsWithConnection;
    this.decoder = contentDecoder(headers);
    this.collector = new ByteCollector(buffers, maxBytes, this.decoder ? undefined : length, take);
    if (this.decoder !== undefined) this.watch(this.decoder, this.collector);
    return true;
  }

  private readBody(bytes: Buffer): void {
    const framing = this.framing!;
    if (bytes.length > 0) {
      const taken = framing.push(bytes, this.take);
      // A server that sends more than it announced has still sent the image.
      if (taken < bytes.length) this.isPersistent = false;
    }
    if (framing.isOver) this.endBody();
  }

  /**
   * Ends a body that is too long as sent, though it may decode to nothing, and one in so many small
   * pieces that handling them would keep a processor busy for a fraction of the sender's effort.
   */
  private readonly take = (piece: Buffer): void => {
    const { maxBytes, connection } = this.options;
    this.sent += piece.length;
    if (this.sent > maxBytes) throw new LinkedImageTooLargeError(maxBytes);
    if (++this.pieces > MAX_SMALL_PIECES && this.sent < this.pieces * SMALL_PIECE_BYTES) {
      throw new ImageSourceFailedError('The image source sent its image in too many small pieces.');
    }
    if (this.decoder === undefined) this.collector!.push(piece);
    else if (!this.decoder.write(Buffer.from(piece))) connection.pause();
  };

  private endBody(): void {
    this.isWhole = true;
    if (this.decoder === undefined) this.give();
    else this.decoder.end();
  }

  private watch(decoder: Transform, collector: ByteCollector): void {
    decoder.on('data', (bytes: Buffer) => {
      if (this.isOver) return;
      try {
        collector.push(bytes);
      } catch (error) {
        this.fail(error);
      }
    });
    decoder.on('drain', () => {
      this.options.connection.resume();
    });
    decoder.on('end', () => {
      if (!this.isOver) this.give();
    });
    decoder.on('error', (error) => {
      this.fail(invalidAnswer(error));
    });
  }

  private give(): void {
    const image = this.collector!.finish();
    if (image.length === 0) this.fail(new EmptyLinkedImageError());
    else this.finish({ image }, this.isPersistent && this.framing!.isOver);
  }

  private finish(answer: Answer, isReusable: boolean): void {
    this.isOver = true;
    this.options.done(answer, isReusable);
  }

  private fail(error: unknown): void {
    if (this.isOver) return;
    this.isOver = true;
    this.options.fail(error as Error);
  }
}
