import { ExportResultCode, type ExportResult } from '@opentelemetry/core';
import type { ReadableSpan, SpanExporter } from '@opentelemetry/sdk-trace-base';
import type { Logger } from '#logging';

const MAX_REASON_LENGTH = 200;

/** An exporter that tells once that it fails, and once that it does so no more. */
export class OutageLog implements SpanExporter {
  private isFailing = false;

  constructor(
    private readonly exporter: SpanExporter,
    private readonly logger: Logger,
  ) {}

  export(spans: ReadableSpan[], done: (result: ExportResult) => void): void {
    this.exporter.export(spans, ({ code, error }) => {
      this.report(code === ExportResultCode.FAILED, error);
      // Or the SDK would tell of it a second time, with each batch.
      done({ code: ExportResultCode.SUCCESS });
    });
  }

  async forceFlush(): Promise<void> {
    await this.exporter.forceFlush?.();
  }

  async shutdown(): Promise<void> {
    await this.exporter.shutdown();
  }

  private report(isFailing: boolean, error: Error | undefined): void {
    if (isFailing === this.isFailing) return;
    this.isFailing = isFailing;
    if (!isFailing) this.logger.info('spans are exported again');
    else {
      const reason = error?.message.slice(0, MAX_REASON_LENGTH);
      this.logger.warn({ reason }, 'spans cannot be exported, and are lost until they can');
    }
  }
}
