import { EnvChoice, EnvInteger, EnvText } from '#config';
import { DEFAULT_LOG_FORMAT, LOG_FORMATS, LOG_LEVELS } from '#logging';
import { projectPath } from '#project';
import { TracingConfig } from '#tracing';

/** The environment of the model server: one property a variable, its initializer the default. */
export class ModelServerConfig extends TracingConfig {
  /** 0: any free port. */
  @EnvInteger(0, 65535) readonly GRPC_PORT: number = 8500;

  @EnvText(/^[^\s/]+$/, 'an address or a host name') readonly HOST: string = '0.0.0.0';

  /** Folder of `NAME/VERSION/model.onnx`. */
  @EnvText() readonly MODEL_BASE_PATH: string = projectPath('models');

  /** File of version labels, read at each look; unset: `version_labels.yaml` in the base path, if any. */
  @EnvText() readonly VERSION_LABELS_FILE: string | undefined = undefined;

  /** How often the base path is looked at, seconds. */
  @EnvInteger(1, 86_400) readonly POLL_SECONDS: number = 2;

  /** Most rows that one run takes; 1 turns joining off. */
  @EnvInteger(1, 4096) readonly MAX_BATCH_SIZE: number = 8;

  /** How long a request may wait for others to join it, µs. */
  @EnvInteger(0, 10_000_000) readonly BATCH_TIMEOUT_MICROS: number = 1000;

  /** From the moment of NOT_SERVING to refusing connections, so that balancers notice first, ms. */
  @EnvInteger(0, 600_000) readonly SHUTDOWN_DELAY_MS: number = 0;

  /** After this age a connection is closed gracefully, so that clients balance anew, ms. */
  @EnvInteger(1000) readonly MAX_CONNECTION_AGE_MS: number | undefined = undefined;

  /** Where Prometheus asks, at TensorFlow Serving's path; 0: any free port, unset: nowhere. */
  @EnvInteger(0, 65535) readonly MONITORING_PORT: number | undefined = undefined;

  @EnvChoice(...LOG_LEVELS) readonly LOG_LEVEL: string = 'info';

  @EnvChoice(...LOG_FORMATS) readonly LOG_FORMAT: string = DEFAULT_LOG_FORMAT;
}
