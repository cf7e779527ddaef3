/** A tensor that a signature takes or gives. */
export interface TensorInfo {
  readonly dtype: string;
  /** -1 is any size; null where even the rank is open. */
  readonly shape: readonly number[] | null;
  /** The graph's own name, where that is another than the alias. */
  readonly name?: string;
}

export interface SignatureInfo {
  readonly method_name?: string;
  readonly inputs: Readonly<Record<string, TensorInfo>>;
  readonly outputs: Readonly<Record<string, TensorInfo>>;
  /** The operation that makes each output, casts and reshapes left out; where it can be found. */
  readonly last_ops: Readonly<Record<string, string>>;
}

/** What a checkpoint or a file of weights holds, bookkeeping left out. */
export interface WeightsInfo {
  readonly count: number;
  readonly parameters: number;
}

interface FileInfo {
  /** The file or folder that was read. */
  readonly path: string;
  /** Of all that belongs to it. */
  readonly bytes: number;
}

/** Of a folder of versions, the one that was read, and all of them, newest first. */
export interface Versions {
  readonly version: string;
  readonly versions: readonly string[];
}

export interface MetaGraphInfo {
  readonly tags: readonly string[];
  readonly signatures: Readonly<Record<string, SignatureInfo>>;
}

export interface SavedModelInfo extends FileInfo, Partial<Versions> {
  readonly format: 'saved_model';
  readonly tensorflow_version: string | null;
  readonly meta_graphs: readonly MetaGraphInfo[];
  readonly variables: WeightsInfo | null;
  /** ONNX graphs beside it, which the model server serves. */
  readonly onnx_files: readonly string[];
}

export interface OnnxInfo extends FileInfo, Partial<Versions> {
  readonly format: 'onnx';
  readonly ir_version: number;
  /** By domain; the standard one is `ai.onnx`. */
  readonly opsets: Readonly<Record<string, number>>;
  readonly producer: string | null;
  readonly signature: SignatureInfo;
  readonly initializers: WeightsInfo;
  readonly external_data: readonly ExternalData[];
}

/** Weights in a file beside the graph. */
export interface ExternalData {
  readonly file: string;
  /** null: it is not there. */
  readonly bytes: number | null;
}

export interface KerasInfo extends FileInfo {
  readonly format: 'keras' | 'keras_h5';
  readonly keras_version: string | null;
  /** Sequential, Functional, or a class of somebody's own; null: the file holds weights alone. */
  readonly class_name: string | null;
  readonly name: string | null;
  /** Nested models' included. */
  readonly layers: number | null;
  /** Batch first, null for any size. */
  readonly input_shapes: readonly (readonly (number | null)[] | null)[];
  readonly last_layer: {
    readonly class_name: string;
    readonly activation: string | null;
    readonly units: number | null;
  } | null;
  /** Layers that Keras must be given the code of. */
  readonly custom_classes: readonly string[];
}

export type ModelFileInfo = SavedModelInfo | OnnxInfo | KerasInfo;
