import { UnknownModelError } from '../errors/errors.js';
import type { CatalogModel } from './catalog-model.js';

/** The models that this gateway serves, by name. */
export class ModelCatalog {
  constructor(
    private readonly models: ReadonlyMap<string, CatalogModel>,
    /** The model of requests that name none; it gates readiness. */
    readonly defaultModel: CatalogModel,
  ) {}

  /** @throws UnknownModelError */
  get(name: string | undefined): CatalogModel {
    if (name === undefined) return this.defaultModel;
    const model = this.models.get(name);
    if (model === undefined) throw new UnknownModelError();
    return model;
  }

  all(): CatalogModel[] {
    return [...this.models.values()];
  }
}
