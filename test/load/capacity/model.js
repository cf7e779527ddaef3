// The arithmetic of docs/capacity.md.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const HOURS = 730;
const GBIT = 1e9 / 8;

const FILE = join(import.meta.dirname, 'inputs.json');

/** Each input's number by its name; inputs.json has its unit and its source. */
export const inputs = Object.fromEntries(
  Object.entries(JSON.parse(readFileSync(FILE, 'utf8'))).map(([name, { value }]) => [name, value]),
);

/**
 * What so many images a second need.
 *
 * @param {number} rate images/s
 * @param {'float32' | 'uint8'} dtype of the signature
 */
export function capacityFor(rate, dtype, i = inputs) {
  const mix = (small, large) => small * (1 - i.largeShare) + large * i.largeShare;
  const small = dtype === 'uint8' ? i.gatewayCpuMsSmallUint8 : i.gatewayCpuMsSmall;
  const cores = (rate * mix(small, i.gatewayCpuMsLarge)) / 1000;
  const gateways = Math.max(i.minGateways, Math.ceil(cores / i.utilization / i.coresPerGateway));
  const gpus = Math.max(i.minGpus, Math.ceil(rate / i.gpuImagesPerSecond / i.gpuUtilization));

  const originGbit = (rate * i.linkShare * mix(i.smallKb, i.largeKb) * 1000) / GBIT;
  const tensorBytes = dtype === 'uint8' ? i.tensorUint8Bytes : i.tensorFloat32Bytes;
  const modelGbit = (rate * tensorBytes) / GBIT;
  const callerBytes = rate * (i.answerBytes + (1 - i.linkShare) * mix(i.smallKb, i.largeKb) * 1000);

  const byCpu = Math.ceil((gateways * i.coresPerGateway) / i.cpuNodeCores);
  const byNetwork = Math.ceil((originGbit + modelGbit) / (i.cpuNodeGbit * i.utilization));
  const cpuNodes = Math.max(i.minGateways, byCpu, byNetwork);
  const gpuNodes = Math.max(gpus, Math.ceil(modelGbit / (i.gpuNodeGbit * i.utilization)));

  const connections = rate * i.linkShare * (1 - i.originReuse);
  const queries = rate * i.linkShare * i.queriesPerLookup;
  const gbPerMonth = (gbit) => gbit * (GBIT / 1e9) * 3600 * HOURS;
  const lcus = Math.max(
    (callerBytes * 3600) / 1e9 / i.lcuGbPerHour,
    rate / i.requestsPerConnection / i.lcuConnections,
  );
  const usd = {
    gateways: cpuNodes * i.cpuNodeUsdPerHour * HOURS,
    gpus: gpuNodes * i.gpuNodeUsdPerHour * HOURS,
    nat: gbPerMonth(originGbit) * i.natUsdPerGb + i.zones * i.natUsdPerHour * HOURS,
    crossZone: gbPerMonth(modelGbit) * i.crossZoneShare * i.crossZoneUsdPerGb,
    balancer: lcus * i.lcuUsdPerHour * HOURS,
  };
  return {
    rate,
    dtype,
    cores,
    gateways,
    gpus,
    cpuNodes,
    gpuNodes,
    nodesBoundBy: byNetwork > byCpu ? 'network' : 'CPU',
    gatewayGib: (gateways * i.gatewayMib) / 1024,
    originGbit,
    modelGbit,
    callerGbit: callerBytes / GBIT,
    natGateways: Math.ceil(originGbit / i.natGbit),
    connections,
    queries,
    coredns: Math.ceil(queries / i.corednsQueriesPerSecond),
    conntrackShare: (connections * i.conntrackSeconds) / cpuNodes / i.conntrackMax,
    modelConnections: gateways * gpus,
    headlessShare: gpus / i.recordsPerUdpAnswer,
    pullSeconds: (cpuNodes * i.gatewayImageMb * 1e6) / (i.registryGbit * GBIT),
    lcus,
    usd,
    usdPerMonth: Object.values(usd).reduce((sum, each) => sum + each, 0),
  };
}
