// Made from /openapi.json by `npm run client:types`.

export interface components {
  schemas: {
    /**
     * Format: base64-image
     * @description An encoded image in base64; a data: URI too.
     */
    Base64Image: string;
    /** The image itself */
    Base64Instance: {
      b64: components['schemas']['Base64Image'];
    };
    Check: {
      reason?: string;
      /** @enum {string} */
      status: 'up' | 'down' | 'degraded';
      /** @description The versions that answer. */
      version?: string;
    };
    /**
     * @description What went wrong, for programs; stable.
     * @enum {string}
     */
    ErrorCode:
      | 'INVALID_REQUEST'
      | 'URL_FORBIDDEN'
      | 'UNAUTHENTICATED'
      | 'MODEL_NOT_FOUND'
      | 'NOT_FOUND'
      | 'METHOD_NOT_ALLOWED'
      | 'IMAGE_TOO_LARGE'
      | 'UNSUPPORTED_IMAGE'
      | 'UNSUPPORTED_MEDIA_TYPE'
      | 'IMAGE_UNDECODABLE'
      | 'RATE_LIMITED'
      | 'INTERNAL'
      | 'IMAGE_SOURCE_FAILED'
      | 'MODEL_FAILED'
      | 'MODEL_UNAVAILABLE'
      | 'OVERLOADED'
      | 'IMAGE_SOURCE_TIMEOUT'
      | 'DEADLINE_EXCEEDED';
    Image:
      | {
          url: components['schemas']['ImageLink'];
        }
      | {
          image: components['schemas']['Base64Image'];
        };
    /**
     * Format: uri
     * @description A link, http or https, to a public address.
     */
    ImageLink: string;
    /** @description Why there are no scores. */
    ImageProblem: {
      error: components['schemas']['Problem'];
    };
    Images: {
      images: components['schemas']['Image'][];
    };
    InferAnswer: {
      id?: string;
      model_name: string;
      model_version: string;
      outputs: components['schemas']['InferOutput'][];
    };
    InferInput: {
      data?: components['schemas']['Base64Image'][];
      /** @enum {string} */
      datatype: 'BYTES';
      /** @enum {string} */
      name: 'image';
      parameters?: {
        /** @description Bytes behind the JSON, instead of data. */
        binary_data_size?: number;
      } & {
        [key: string]: unknown;
      };
      /** @description [n] or [n, 1] for n images. */
      shape: number[];
    } & {
      [key: string]: unknown;
    };
    InferOutput: {
      /** @description Values; or "value:index:label". */
      data?: (number | string)[];
      /** @enum {string} */
      datatype: 'BYTES' | 'FP32';
      name: string;
      parameters?: {
        binary_data_size: number;
      };
      shape: number[];
    };
    InferRequest: {
      /** @description Comes back in the answer. */
      id?: string;
      inputs: components['schemas']['InferInput'][];
      outputs?: components['schemas']['InferRequestedOutput'][];
      parameters?: {
        /** @description The output as binary data. */
        binary_data_output?: boolean;
      } & {
        [key: string]: unknown;
      };
    } & {
      [key: string]: unknown;
    };
    InferRequestedOutput: {
      /** @description The alias of the signature's output. */
      name: string;
      parameters?: {
        binary_data?: boolean;
        /** @description So many of the best classes, best first, instead of the values. */
        classification?: number;
      } & {
        [key: string]: unknown;
      };
    } & {
      [key: string]: unknown;
    };
    Instance:
      | components['schemas']['Base64Instance']
      | components['schemas']['LinkInstance']
      | {
          image: components['schemas']['Base64Instance'] | components['schemas']['LinkInstance'];
        };
    /** A link */
    LinkInstance: {
      url: components['schemas']['ImageLink'];
    };
    Liveness: {
      /** @enum {string} */
      status: 'ok';
    };
    Model: {
      inputs: components['schemas']['TensorMetadata'][];
      name: string;
      outputs: components['schemas']['TensorMetadata'][];
      platform: string;
      versions: string[];
    };
    ModelMetadata: {
      metadata: {
        signature_def: {
          signature_def: {
            [key: string]: {
              inputs: {
                [key: string]: components['schemas']['TensorInfo'];
              };
              method_name: string;
              outputs: {
                [key: string]: components['schemas']['TensorInfo'];
              };
            };
          };
        };
      };
      model_spec: {
        name: string;
        signature_name: string;
        version: string;
      };
    };
    ModelNames: {
      models: string[];
    };
    ModelReady: {
      name: string;
      ready: boolean;
    };
    ModelStatus: {
      model_version_status: {
        /** @enum {string} */
        state: 'UNKNOWN' | 'START' | 'LOADING' | 'AVAILABLE' | 'UNLOADING' | 'END';
        status: {
          error_code: string;
          error_message: string;
        };
        version: string;
      }[];
      name: string;
      /** @description Whether it answers predictions; of KServe v1. */
      ready: boolean;
    };
    PageSettings: {
      /** @description Of the body of one batch. */
      maxBodyBytes: number;
      /** @description Of one file. */
      maxImageBytes: number;
      /** @description Of one batch. */
      maxImages: number;
      /** @description The default one first, each with the labels that spec or configuration name. */
      models: {
        labels: string[];
        name: string;
      }[];
    };
    PredictInputs:
      | ({
          instances: components['schemas']['Instance'][];
          /** @description Left out: the one that the model's spec names. */
          signature_name?: string;
        } & {
          [key: string]: unknown;
        })
      | ({
          inputs:
            | components['schemas']['Instance'][]
            | {
                image: components['schemas']['Instance'][];
              };
          /** @description Left out: the one that the model's spec names. */
          signature_name?: string;
        } & {
          [key: string]: unknown;
        });
    Predictions: {
      /** @description One for each image, in their order. */
      predictions: (components['schemas']['Scores'] | components['schemas']['ImageProblem'])[];
    };
    PredictOutputs:
      | {
          /** @description Of each image a value, or, of several outputs, an object by their aliases. */
          predictions: unknown[];
        }
      | {
          /** @description A list, or, of several outputs, an object. */
          outputs: unknown;
        };
    /** @description What a request failed of (RFC 9457). */
    Problem: {
      code: components['schemas']['ErrorCode'];
      /** @description What went wrong, for people. */
      detail: string;
      /** @description The detail again; on /v1 and /v2 alone. */
      error?: string;
      /** @description As in X-Request-Id; the log has it too. */
      requestId: string;
      status: number;
      /** @description What the status is called. */
      title: string;
      /** @enum {string} */
      type: 'about:blank';
    };
    Readiness: {
      /** @description By the name of a model; "spec FILE" where a spec cannot be used. */
      checks: {
        [key: string]: components['schemas']['Check'];
      };
      /** @enum {string} */
      status: 'ok' | 'error' | 'shutting_down';
    };
    Samples: {
      name: string;
      url: string;
    }[];
    /** @description Class → probability: in the order of the labels, or, with top, best first. */
    Scores: {
      [key: string]: number;
    };
    Server: {
      extensions: string[];
      name: string;
      version: string;
    };
    ServerLive: {
      live: boolean;
    };
    ServerReady: {
      ready: boolean;
    };
    TensorInfo: {
      dtype: string;
      name: string;
      tensor_shape: {
        dim: {
          name: string;
          size: string;
        }[];
        unknown_rank: boolean;
      };
    };
    TensorMetadata: {
      /** @enum {string} */
      datatype: 'BYTES' | 'FP32';
      name: string;
      shape: number[];
    };
  };
  responses: never;
  parameters: never;
  requestBodies: never;
  headers: never;
  pathItems: never;
}
