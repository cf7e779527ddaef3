import { UnknownModelError } from '../errors/errors.js';
import type { CatalogModel } from './catalog-model.js';

/** The models that this gateway serves, by name. */
export class ModelCatalog {
  private readonly models = new Map<string, CatalogModel>();
  /** Models of a changed spec, to be verified before they take the place of their namesakes. */
  readonly candidates = new Map<string, CatalogModel>();
  /** Why something in the catalogue's folder is not as its specs say, by what it is. */
  faults: ReadonlyMap<string, string> = new Map();

  constructor(
    models: Iterable<CatalogModel>,
    private readonly defaultName: string,
  ) {
    for (const model of models) this.set(model);
  }

  /** The model of requests that name none; it gates readiness. */
  get defaultModel(): CatalogModel {
    return this.models.get(this.defaultName)!;
  }

  /** @throws UnknownModelError */
  get(name: string | undefined): CatalogModel {
    const model = this.find(name ?? this.defaultName);
    if (model === undefined) throw new UnknownModelError();
    return model;
  }

  find(name: string): CatalogModel | undefined {
    return this.models.get(name);
  }

  all(): CatalogModel[] {
    return [...this.models.values()];
  }

  isCandidate(model: CatalogModel): boolean {
    return this.candidates.get(model.spec.name) === model;
  }

  /** Takes a model in, in the place of the one of its name. Requests in work keep the one they have. */
  set(model: CatalogModel): void {
    this.models.set(model.spec.name, model);
  }

  /** The default model is never removed: whoever asks for nothing in particular needs it. */
  delete(model: CatalogModel): void {
    if (model !== this.defaultModel) this.models.delete(model.spec.name);
  }
}
