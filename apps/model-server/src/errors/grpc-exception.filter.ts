import { Catch, Logger, type RpcExceptionFilter } from '@nestjs/common';
import { throwError, type Observable } from 'rxjs';
import { internal } from './messages.js';
import { ServingError } from './serving-error.js';

/** Gives the transport the status of a ServingError; whatever else fails is told to the log alone. */
@Catch()
export class GrpcExceptionFilter implements RpcExceptionFilter<unknown> {
  private readonly logger = new Logger(GrpcExceptionFilter.name);

  catch(exception: unknown): Observable<never> {
    if (!(exception instanceof ServingError)) this.logger.error(exception);
    const error = exception instanceof ServingError ? exception : internal();
    return throwError(() => error.getError());
  }
}
