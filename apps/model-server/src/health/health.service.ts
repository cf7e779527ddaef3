import {
  BehaviorSubject,
  distinctUntilChanged,
  map,
  merge,
  takeUntil,
  Subject,
  type Observable,
} from 'rxjs';
import type { ServingStatus } from '#protos';
import { ModelCatalogue } from '../models/model-catalogue.js';

/** Names of the server as a whole, for probes that name what they call. */
const WHOLE_SERVER = [
  '',
  'tensorflow.serving.PredictionService',
  'tensorflow.serving.ModelService',
];

/**
 * Whether the server, or a model of it, is to be sent requests. The server is once each model that
 * was there at its start is loaded (or known not to load, with another that does), and then as long
 * as it has one; from the beginning of a shutdown nothing is.
 */
export class HealthService {
  private readonly draining = new BehaviorSubject(false);
  private readonly ended = new Subject<void>();
  private wasReady = false;

  constructor(private readonly catalogue: ModelCatalogue) {}

  /** @param service a model's name, or the empty string for the server as a whole */
  check(service: string): ServingStatus {
    const whole = WHOLE_SERVER.includes(service);
    const model = this.catalogue.get(service);
    if (!whole && model === undefined) return 'SERVICE_UNKNOWN';
    if (this.draining.value) return 'NOT_SERVING';
    const serving = whole ? this.isReady() : model?.available !== undefined;
    return serving ? 'SERVING' : 'NOT_SERVING';
  }

  /** The status now, and then whenever it changes, until the server is closed. */
  watch(service: string): Observable<ServingStatus> {
    return merge(this.draining, this.catalogue.changes).pipe(
      map(() => this.check(service)),
      distinctUntilChanged(),
      takeUntil(this.ended),
    );
  }

  /** Everything is NOT_SERVING from here on. */
  drain(): void {
    this.draining.next(true);
  }

  /** Ends the watches, which would hold a graceful shutdown up forever. */
  end(): void {
    this.ended.next();
  }

  private isReady(): boolean {
    const models = this.catalogue.all();
    const available = models.some((model) => model.available !== undefined);
    this.wasReady ||= available && models.every((model) => model.decided);
    return this.wasReady && available;
  }
}
