import { Env, EnvBoolean, EnvChoice, EnvInteger, EnvText } from '#config';
import { parseAllowList, type AllowList } from '#image-fetch';
import { DEFAULT_LOG_FORMAT, LOG_FORMATS, LOG_LEVELS } from '#logging';
import { projectPath } from '#project';
import { TracingConfig } from '#tracing';
import { parseApiKeys, type KeyDigests } from '../auth/api-keys.js';
import { parseTrustedProxies, type TrustedProxies } from '../http/trusted-proxies.js';

/** The gateway's environment: each variable once, with its default, unit and check. */
export class GatewayConfig extends TracingConfig {
  /** TCP port of the API; 0 takes any free one. */
  @EnvInteger(0, 65535) readonly PORT: number = 9696;
  /** TCP port of the metrics alone; 0 takes any free one. */
  @EnvInteger(0, 65535) readonly METRICS_PORT: number = 9464;
  @EnvText(/^\S+$/, 'an address to listen on') readonly HOST: string = '0.0.0.0';
  @EnvChoice(...LOG_LEVELS) readonly LOG_LEVEL: string = 'info';
  @EnvChoice(...LOG_FORMATS) readonly LOG_FORMAT: string = DEFAULT_LOG_FORMAT;

  /** gRPC target of TensorFlow Serving; unset: the embedded model server is started. */
  @EnvText(/^(dns:\/\/\/)?[^\s/]+:\d{1,5}$/, 'host:port or dns:///name:port')
  readonly TF_SERVING_HOST: string | undefined = undefined;
  /** Loopback port of the embedded model server; 0 takes any free one. */
  @EnvInteger(0, 65535) readonly GRPC_PORT: number = 8500;

  /** Keys of which a prediction must carry one; none: predictions are open to everybody. */
  @Env(parseApiKeys, { secret: true }) readonly API_KEYS: KeyDigests = [];
  /** Where API_KEYS was read from, if from a file: it is read again when it changes. */
  @EnvText() readonly API_KEYS_FILE: string | undefined = undefined;

  /** Predictions that one client may ask for in a minute; 0: as many as it likes. */
  @EnvInteger(0, 1_000_000) readonly RATE_LIMIT_PER_MINUTE: number = 0;
  /** Proxies whose `X-Forwarded-For` tells who asked. */
  @Env(parseTrustedProxies) readonly TRUSTED_PROXIES: TrustedProxies = parseTrustedProxies('');

  /** Folder of model specs: `NAME/model.yaml`, or `NAME.yaml` as a ConfigMap mounts them. */
  @EnvText() readonly MODEL_CATALOG: string = projectPath('models');
  @EnvText(/^[\w.-]+$/, 'a model name') readonly MODEL_NAME: string = 'clothing-model';
  @EnvText(/^[1-9]\d{0,18}$/, 'a version number')
  readonly MODEL_VERSION: string | undefined = undefined;
  @EnvText(/^\S+$/, 'a version label') readonly MODEL_VERSION_LABEL: string | undefined = undefined;
  /** Check every golden image, not only one, before a version counts as ready and its answers are given. */
  @EnvBoolean() readonly VERIFY_ON_START: boolean = false;

  /** Milliseconds for a whole request, from its arrival; the RPC gets what is left. */
  @EnvInteger(1, 3_600_000) readonly PREDICT_TIMEOUT_MS: number = 20_000;
  /** Milliseconds for a whole fetch, redirects included. */
  @EnvInteger(1, 3_600_000) readonly IMAGE_FETCH_TIMEOUT_MS: number = 5000;
  @EnvInteger(0, 20) readonly IMAGE_FETCH_MAX_REDIRECTS: number = 3;
  /** CIDRs, addresses and host names that may be fetched from though they are not public. */
  @Env(parseAllowList) readonly IMAGE_FETCH_ALLOW: AllowList = parseAllowList('');
  @EnvInteger(1, 1 << 30) readonly IMAGE_MAX_BYTES: number = 20 * 1024 * 1024;
  @EnvInteger(1, 1_000_000_000) readonly IMAGE_MAX_PIXELS: number = 50_000_000;
  /** Images of one request. */
  @EnvInteger(1, 1024) readonly BATCH_MAX_IMAGES: number = 32;
  /** Predictions that are kept, by image and version; 0: none. */
  @EnvInteger(0, 10_000_000) readonly CACHE_MAX_ENTRIES: number = 0;
  /** Images in work at once; more are refused as OVERLOADED. */
  @EnvInteger(1) readonly MAX_INFLIGHT: number = 64;

  /** Milliseconds between SIGTERM and the end of listening, for balancers to take notice. */
  @EnvInteger(0, 3_600_000) readonly SHUTDOWN_DELAY_MS: number = 5000;
}
