/** A request that the harness can make, whatever it is. */
export interface HttpRequest {
  readonly method?: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

export const JSON_TYPE = { 'content-type': 'application/json' };
export const MODELS = ['nearest', 'bicubic', 'fast'] as const;
