/**
 * The messages of `protos/`, as `PROTO_LOADER_OPTIONS` decodes them. A message that is sent may
 * leave any field out; one that is received has them all, and null where a message is absent.
 */

export type DataTypeName =
  | 'DT_INVALID'
  | 'DT_FLOAT'
  | 'DT_DOUBLE'
  | 'DT_INT32'
  | 'DT_UINT8'
  | 'DT_INT16'
  | 'DT_INT8'
  | 'DT_STRING'
  | 'DT_COMPLEX64'
  | 'DT_INT64'
  | 'DT_BOOL'
  | 'DT_BFLOAT16'
  | 'DT_UINT16'
  | 'DT_COMPLEX128'
  | 'DT_HALF'
  | 'DT_UINT32'
  | 'DT_UINT64';

export interface TensorShapeProto {
  dim?: { size?: number | string; name?: string }[];
  unknownRank?: boolean;
}

export interface TensorProto {
  dtype?: DataTypeName | number;
  tensorShape?: TensorShapeProto | null;
  tensorContent?: Uint8Array;
  floatVal?: number[];
  doubleVal?: number[];
  intVal?: number[];
  stringVal?: Uint8Array[];
  int64Val?: (number | string)[];
  boolVal?: boolean[];
  halfVal?: number[];
  uint32Val?: number[];
  uint64Val?: (number | string)[];
}

export interface TensorInfo {
  name?: string;
  dtype?: DataTypeName;
  tensorShape?: TensorShapeProto | null;
}

export interface SignatureDef {
  inputs?: Record<string, TensorInfo>;
  outputs?: Record<string, TensorInfo>;
  methodName?: string;
}

export interface SignatureDefMap {
  signatureDef?: Record<string, SignatureDef>;
}

export interface MetaGraphDef {
  metaInfoDef?: { tags?: string[]; tensorflowVersion?: string } | null;
  signatureDef?: Record<string, SignatureDef>;
}

export interface SavedModel {
  metaGraphs?: MetaGraphDef[];
}

export interface ModelSpec {
  name?: string;
  version?: { value?: number | string } | null;
  versionLabel?: string;
  signatureName?: string;
}

export interface PredictRequest {
  modelSpec?: ModelSpec | null;
  inputs?: Record<string, TensorProto>;
  outputFilter?: string[];
}

export interface PredictResponse {
  modelSpec?: ModelSpec | null;
  outputs?: Record<string, TensorProto>;
}

export interface PredictionLog {
  predictLog?: { request?: PredictRequest | null; response?: PredictResponse | null } | null;
}

export interface Any {
  // protobufjs brings its own any.proto, whose field keeps the wire name.
  type_url?: string;
  value?: Uint8Array;
}

export interface GetModelMetadataRequest {
  modelSpec?: ModelSpec | null;
  metadataField?: string[];
}

export interface GetModelMetadataResponse {
  modelSpec?: ModelSpec | null;
  metadata?: Record<string, Any>;
}

export interface GetModelStatusRequest {
  modelSpec?: ModelSpec | null;
}

export type ModelState = 'UNKNOWN' | 'START' | 'LOADING' | 'AVAILABLE' | 'UNLOADING' | 'END';

export interface ModelVersionStatus {
  version?: string;
  state?: ModelState;
  status?: { errorCode?: number; errorMessage?: string } | null;
}

export interface GetModelStatusResponse {
  modelVersionStatus?: ModelVersionStatus[];
}

export type ServingStatus = 'UNKNOWN' | 'SERVING' | 'NOT_SERVING' | 'SERVICE_UNKNOWN';

export interface HealthCheckRequest {
  service?: string;
}

export interface HealthCheckResponse {
  status?: ServingStatus;
}
