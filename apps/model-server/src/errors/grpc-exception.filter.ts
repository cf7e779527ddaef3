import type { Metadata } from '@grpc/grpc-js';
import { Catch, type ArgumentsHost, type RpcExceptionFilter } from '@nestjs/common';
import { throwError, type Observable } from 'rxjs';
import type { Logger } from '#logging';
import { traceContextOf } from '../prediction/predict-watch.js';
import { internal } from './messages.js';
import { ServingError } from './serving-error.js';

/** Gives the transport the status of a ServingError; whatever else fails is told to the log alone. */
@Catch()
export class GrpcExceptionFilter implements RpcExceptionFilter<unknown> {
  constructor(private readonly logger: Logger) {}

  catch(exception: unknown, host: ArgumentsHost): Observable<never> {
    if (!(exception instanceof ServingError)) {
      const trace = traceContextOf(host.switchToRpc().getContext<Metadata>());
      const ids = trace && { trace_id: trace.traceId, span_id: trace.spanId };
      this.logger.error({ ...ids, err: exception }, 'a call failed');
    }
    const error = exception instanceof ServingError ? exception : internal();
    return throwError(() => error.getError());
  }
}
