import { UnknownModelError } from '../errors/errors.js';
import type { ServedModel } from './served-model.js';

/** The models that this gateway serves, by name. */
export class ModelCatalog {
  constructor(
    private readonly models: ReadonlyMap<string, ServedModel>,
    /** The model of requests that name none; it gates readiness. */
    readonly defaultModel: ServedModel,
  ) {}

  /** @throws UnknownModelError */
  get(name: string | undefined): ServedModel {
    if (name === undefined) return this.defaultModel;
    const model = this.models.get(name);
    if (model === undefined) throw new UnknownModelError();
    return model;
  }

  all(): ServedModel[] {
    return [...this.models.values()];
  }
}
