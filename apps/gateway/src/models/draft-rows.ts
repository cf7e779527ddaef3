import type { Signal } from '#cancellation';
import type { Call } from '../http/call.js';
import type { EncodeOptions } from '#model-spec';
import type { PredictDraft, Prediction, PredictTemplate, ServingClient } from '#serving-client';
import type { Tensor } from '#tensor';
import type { ImageRows } from './image-rows.js';
import type { StageTimes } from './stage-times.js';

/** Decodes a file to where its tensor is wanted, once it is its turn. */
export type EncodeInto = (
  file: Uint8Array,
  out: NonNullable<EncodeOptions['out']>,
  signal: Signal,
  times: StageTimes,
) => Promise<unknown>;

/** Rows that are written where they are sent from: in one draft of the request. */
export class DraftRows implements ImageRows {
  private draft: PredictDraft | undefined;

  constructor(
    private readonly count: number,
    private readonly client: ServingClient,
    private readonly templateOf: (rows: number) => PredictTemplate,
    private readonly encodeInto: EncodeInto,
  ) {}

  async encode(row: number, file: Uint8Array, signal: Signal, times: StageTimes): Promise<void> {
    // Taken only then, so that images which wait for their turn hold none.
    const out = () => (this.count === 1 ? this.whole() : { data: this.row(row) });
    await this.encodeInto(file, out, signal, times);
  }

  tensor(row: number): Tensor {
    const { dtype, shape } = this.whole().request.input;
    return { dtype, shape: [1, ...shape.slice(1)], data: this.row(row) };
  }

  async send(rows: readonly number[], call: Call): Promise<Prediction[]> {
    if (rows.length < this.count) this.keepOnly(rows);
    const draft = this.whole();
    // Its memory is the client's from now on.
    this.draft = undefined;
    return [await this.client.predictDraft(draft, call)];
  }

  discard(): void {
    if (this.draft !== undefined) this.client.discard(this.draft);
    this.draft = undefined;
  }

  private row(row: number): Float32Array | Uint8Array {
    const { data } = this.whole();
    const length = data.length / this.count;
    return data.subarray(row * length, (row + 1) * length);
  }

  private whole(): PredictDraft {
    // The images of a batch may be decoded by several threads at once; one has its memory to itself.
    return (this.draft ??= this.client.draft(
      this.templateOf(this.count),
      this.count > 1 ? 'shared' : 'own',
    ));
  }

  /** Images that could not be read leave gaps, which the model must not be asked about. */
  private keepOnly(rows: readonly number[]): void {
    const kept = this.client.draft(this.templateOf(rows.length));
    const length = kept.data.length / rows.length;
    for (const [index, row] of rows.entries()) kept.data.set(this.row(row), index * length);
    this.discard();
    this.draft = kept;
  }
}
