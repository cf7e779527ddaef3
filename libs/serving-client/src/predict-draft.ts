import type { ModelSpec } from '#protos';
import type { BufferPool } from '#buffer-pool';
import { frameMessage, PREFIX_BYTES } from './message-frame.js';
import type { TemplateCall } from './predict-call.js';
import { encodePredict } from './predict-message.js';

/** An encoded PredictRequest whose input is yet to be written: everything else is in place. */
export class PredictDraft {
  /** Nobody else has a view of its memory. */
  readonly isMovable = true;

  /**
   * @param data the input's elements, row-major; what is in them before they are written is undefined.
   *   Another thread may have them meanwhile, and give them back as another array on the same memory.
   */
  constructor(
    readonly request: TemplateCall,
    public data: Float32Array | Uint8Array,
    private readonly headBytes: number,
  ) {}

  /** gRPC's prefix and the message, `data` at its end; the buffer goes back to the pool. */
  get frame(): Buffer {
    const { buffer, byteOffset, byteLength } = this.data;
    return Buffer.from(buffer, byteOffset - this.headBytes, this.headBytes + byteLength);
  }

  /** Whether another thread has not given its memory back: it has ended, and the memory with it. */
  get isLost(): boolean {
    return this.data.buffer.byteLength === 0;
  }
}

/** What all requests of one signature share, encoded once. */
export class PredictTemplate {
  private readonly head: Uint8Array;
  private readonly elements: number;

  constructor(
    modelSpec: ModelSpec,
    private readonly request: TemplateCall,
  ) {
    const { input, outputFilter } = request;
    const { alias, dtype, shape } = input;
    this.elements = shape.reduce((product, size) => product * size, 1);
    const data = this.arrayOn(new ArrayBuffer(this.elements * this.elementBytes), 0);
    const pieces = encodePredict({
      modelSpec,
      inputs: { [alias]: { dtype, shape, data } },
      outputFilter,
    });
    // The elements come last, as a view of `data`.
    const content = pieces.pop();
    if (content?.buffer !== data.buffer) throw new Error('Expected the elements at the end');
    this.head = Buffer.concat(pieces);
  }

  draft(pool: BufferPool): PredictDraft {
    const headBytes = PREFIX_BYTES + this.head.length;
    // The elements' address must be a multiple of their size.
    const padding = -headBytes & (this.elementBytes - 1);
    const whole = pool.take(padding + headBytes + this.elements * this.elementBytes);
    whole.set(this.head, padding + PREFIX_BYTES);
    const frame = whole.subarray(padding);
    const data = this.arrayOn(whole.buffer, whole.byteOffset + padding + headBytes);
    frameMessage(frame);
    return new PredictDraft(this.request, data, headBytes);
  }

  private get elementBytes(): number {
    return this.request.input.dtype === 'DT_FLOAT' ? 4 : 1;
  }

  private arrayOn(buffer: ArrayBufferLike, offset: number): Float32Array | Uint8Array {
    return this.request.input.dtype === 'DT_FLOAT'
      ? new Float32Array(buffer, offset, this.elements)
      : new Uint8Array(buffer, offset, this.elements);
  }
}
