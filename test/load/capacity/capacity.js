// What so many images a second need, by the figures in inputs.json.
//
//   node test/load/capacity/capacity.js [--rate N]... [--set NAME=VALUE]...
//
// Without a rate, the table of docs/capacity.md.
import { parseArgs } from 'node:util';
import { capacityFor, inputs } from './model.js';

const RATES = ['10', '1000', '100000'];

const number = (value, digits = 3) =>
  value >= 1000
    ? String(Math.round(value)).replace(/\B(?=(\d{3})+$)/g, ' ')
    : String(Number(value.toPrecision(digits)));
const percent = (share) => `${number(share * 100, 2)} %`;

const ROWS = [
  ['gateway: cores at work', (c) => number(c.cores)],
  ['gateway pods', (c) => number(c.gateways)],
  ['gateway memory, GiB', (c) => number(c.gatewayGib)],
  ['GPU pods', (c) => number(c.gpus)],
  ['CPU nodes (bound by)', (c) => `${number(c.cpuNodes)} (${c.nodesBoundBy})`],
  ['GPU nodes', (c) => number(c.gpuNodes)],
  ['from origins, Gbit/s', (c) => number(c.originGbit)],
  ['to the model, Gbit/s', (c) => number(c.modelGbit)],
  ['to callers, Gbit/s', (c) => number(c.callerGbit)],
  ['NAT gateways by bandwidth', (c) => number(c.natGateways)],
  ['new connections to origins, 1/s', (c) => number(c.connections)],
  ['DNS queries, 1/s (CoreDNS pods)', (c) => `${number(c.queries)} (${number(c.coredns)})`],
  ['conntrack of a CPU node, full by', (c) => percent(c.conntrackShare)],
  ['connections gateway to model', (c) => number(c.modelConnections)],
  ['headless DNS answer, of 1232 bytes', (c) => percent(c.headlessShare)],
  ['all nodes pull the gateway, s', (c) => number(c.pullSeconds)],
  ['ALB capacity units', (c) => number(c.lcus)],
  ['USD a month: gateways', (c) => number(c.usd.gateways)],
  ['… GPUs', (c) => number(c.usd.gpus)],
  ['… NAT', (c) => number(c.usd.nat)],
  ['… between zones', (c) => number(c.usd.crossZone)],
  ['… balancer', (c) => number(c.usd.balancer)],
  ['… in all', (c) => number(c.usdPerMonth)],
  ['USD for a million images', (c) => number((c.usdPerMonth / (c.rate * 730 * 3600)) * 1e6)],
];

/** @param {number[]} rates images/s */
export function table(rates, figures = inputs) {
  const cases = rates.flatMap((rate) =>
    ['float32', 'uint8'].map((dtype) => capacityFor(rate, dtype, figures)),
  );
  const line = (cells) => `| ${cells.join(' | ')} |`;
  return [
    line(['images/s', ...cases.map(({ rate, dtype }) => `${number(rate)}, ${dtype}`)]),
    line(['---', ...cases.map(() => '---:')]),
    ...ROWS.map(([name, cell]) => line([name, ...cases.map(cell)])),
  ].join('\n');
}

if (process.argv[1] === import.meta.filename) main();

function main() {
  const { values } = parseArgs({
    options: {
      rate: { type: 'string', multiple: true, default: RATES },
      set: { type: 'string', multiple: true, default: [] },
    },
  });
  const figures = { ...inputs };
  for (const [name, text] of values.set.map((pair) => pair.split('='))) {
    if (!(name in figures)) fail(`there is no input ${name}: ${Object.keys(figures).join(', ')}`);
    figures[name] = positive(text, name);
  }
  console.log(
    table(
      values.rate.map((rate) => positive(rate, 'rate')),
      figures,
    ),
  );
}

function positive(text, name) {
  const value = Number(text);
  if (!(value > 0 && Number.isFinite(value)))
    fail(`expected a number above 0 for ${name} but received ${text}`);
  return value;
}

function fail(message) {
  console.error(message);
  process.exit(2);
}
