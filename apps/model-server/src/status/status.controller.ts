import { Controller } from '@nestjs/common';
import { GrpcMethod } from '@nestjs/microservices';
import type { GetModelStatusRequest, GetModelStatusResponse } from '#protos';
import { missingModelSpec, noSuchVersion, noVersions } from '../errors/messages.js';
import { ModelCatalogue } from '../models/model-catalogue.js';

/** tensorflow.serving.ModelService. */
@Controller()
export class StatusController {
  constructor(private readonly catalogue: ModelCatalogue) {}

  /** The state of one version, or of all that have been noticed, newest first. */
  @GrpcMethod('ModelService', 'GetModelStatus')
  getModelStatus({ modelSpec }: GetModelStatusRequest): GetModelStatusResponse {
    if (!modelSpec) throw missingModelSpec();
    // A label is not looked at, as in TF Serving: the states are those of all versions.
    const { name = '', version } = modelSpec;
    const statuses = this.catalogue.get(name)?.statuses.list() ?? [];
    const wanted = version?.value?.toString();
    if (wanted === undefined) {
      if (statuses.length === 0) throw noVersions(name);
      return { modelVersionStatus: statuses };
    }
    const status = statuses.find((candidate) => candidate.version === wanted);
    if (status === undefined) throw noSuchVersion(name, wanted);
    return { modelVersionStatus: [status] };
  }
}
