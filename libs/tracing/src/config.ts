import { Env, EnvBoolean, EnvChoice, EnvText } from '#config';

const URL_TEXT = /^https?:\/\/[^\s/]+\S*$/i;
const URL_WORDS = 'the URL of an OTLP receiver, http:// or https://';

/**
 * OpenTelemetry's own variables, as far as they decide what is traced and where it goes. The SDK reads
 * the others itself: OTEL_RESOURCE_ATTRIBUTES, OTEL_BSP_*, OTEL_SPAN_*_LIMIT and the rest of
 * OTEL_EXPORTER_OTLP_*.
 */
export class TracingConfig {
  /** Where spans are sent; over HTTP to /v1/traces below it. Unset, nothing is traced. */
  @EnvText(URL_TEXT, URL_WORDS)
  readonly OTEL_EXPORTER_OTLP_ENDPOINT: string | undefined = undefined;
  /** For traces alone, and taken as it is: goes before the one above. */
  @EnvText(URL_TEXT, URL_WORDS)
  readonly OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: string | undefined = undefined;
  @EnvChoice('http/protobuf', 'grpc')
  readonly OTEL_EXPORTER_OTLP_PROTOCOL: string = 'http/protobuf';
  @EnvChoice('http/protobuf', 'grpc')
  readonly OTEL_EXPORTER_OTLP_TRACES_PROTOCOL: string | undefined = undefined;
  /** `name=value`, apart by commas, percent-encoded: often a receiver's key. */
  @Env(parseHeaders, { secret: true })
  readonly OTEL_EXPORTER_OTLP_HEADERS: Readonly<Record<string, string>> = {};
  /** Unset: the app's name. */
  @EnvText() readonly OTEL_SERVICE_NAME: string | undefined = undefined;
  @EnvChoice(
    'always_on',
    'always_off',
    'traceidratio',
    'parentbased_always_on',
    'parentbased_always_off',
    'parentbased_traceidratio',
  )
  readonly OTEL_TRACES_SAMPLER: string = 'parentbased_always_on';
  /** Of the ratio samplers: the share of traces that are kept. */
  @Env(parseShare) readonly OTEL_TRACES_SAMPLER_ARG: number = 1;
  @EnvChoice('otlp', 'none') readonly OTEL_TRACES_EXPORTER: string = 'otlp';
  @EnvBoolean() readonly OTEL_SDK_DISABLED: boolean = false;
}

function parseShare(text: string): number {
  const share = /^\d+(\.\d+)?$/.test(text) ? Number(text) : NaN;
  if (!(share <= 1)) throw new Error('a number from 0 to 1');
  return share;
}

function parseHeaders(text: string): Record<string, string> {
  const pairs = text.split(',').filter((pair) => pair.trim() !== '');
  return Object.fromEntries(pairs.map(parseHeader));
}

function parseHeader(pair: string): [string, string] {
  const [, name, value] = /^\s*([\w!#$%&'*+.^`|~-]+)\s*=(.*)$/.exec(pair) ?? [];
  try {
    if (name !== undefined) return [name, decodeURIComponent(value!.trim())];
  } catch {
    // Told below.
  }
  throw new Error('name=value, apart by commas and percent-encoded,');
}
