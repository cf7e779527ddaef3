import { UsageError } from '../frame/errors.js';

/** A model of a server: `grpc://host:port/model[/version]`. */
export interface GrpcAddress {
  /** `host:port`. */
  readonly host: string;
  readonly model: string;
  /** Decimal; left out: the newest. */
  readonly version?: string;
}

export function isGrpcAddress(text: string): boolean {
  return text.startsWith('grpc://');
}

/** @throws UsageError that gives an example */
export function parseGrpcAddress(text: string): GrpcAddress {
  const wrong = new UsageError(`${text}: expected grpc://HOST:PORT/MODEL[/VERSION]`, {
    hint: 'Such as grpc://localhost:8500/clothing-model or grpc://localhost:8500/clothing-model/2.',
  });
  const match =
    /^grpc:\/\/(\[[\da-f:]+\]|[^/:@?#\s]+)(?::(\d{1,5}))?\/([\w.-]+)(?:\/(\d{1,19}))?\/?$/i.exec(
      text,
    );
  if (match === null) throw wrong;
  const [, host, port = '8500', model, version] = match;
  if (Number(port) === 0 || Number(port) > 65_535) throw wrong;
  const address = { host: `${host!}:${port}`, model: model! };
  return version === undefined ? address : { ...address, version };
}
