import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { numberOf, readOptions } from './harness/options.js';
import { machine, publish, table } from './harness/report.js';
import { fastCatalog } from './targets/fast-catalog.js';
import { findKit, runKit } from './targets/kit.js';
import { judge } from './targets/judge.js';
import { MAIN_LOADS, UINT8_LOADS } from './targets/targets.js';

const MAIN = 'node --v8-pool-size=1 dist/apps/gateway/src/main.js';

const options = readOptions('This build against Python’s gateways, by the kit of peers.', {
  peers: ['fastapi,kserve,flask,bento', 'whom to measure it against'],
  seconds: ['10', 'of each load'],
  rounds: ['2', 'each starts all gateways afresh'],
  records: ['', 'write the figures behind the tables to this file, as lines of JSON'],
});
const seconds = numberOf('seconds', options.seconds, 1);
const rounds = numberOf('rounds', options.rounds, 1);

const kit = findKit();
if (kit === undefined) {
  publish(
    ['Skipped: the kit of peers is neither at `../shared/peers` nor where `PEERS_KIT` says.'],
    options.out,
  );
  process.exit(0);
}
const folder = mkdtempSync(join(tmpdir(), 'peers-'));
process.once('exit', () => {
  rmSync(folder, { recursive: true });
});
const fast = `MODEL_CATALOG=${fastCatalog(folder)} exec ${MAIN}`;
const float = await runKit(kit, {
  peers: `${options.peers},mine=exec ${MAIN},fast=${fast}`,
  loads: MAIN_LOADS,
  seconds,
  rounds,
  out: join(folder, 'float.md'),
});
const uint8 = await runKit(kit, {
  peers: `${options.peers},mine=exec ${MAIN}`,
  loads: UINT8_LOADS,
  seconds,
  rounds,
  out: join(folder, 'uint8.md'),
  dtype: 'uint8',
});
const judged = judge(float.records, uint8.records);
if (options.records) {
  const told = [
    ...float.records.map((record) => ({ signature: 'float', ...record })),
    ...uint8.records.map((record) => ({ signature: 'uint8', ...record })),
  ];
  writeFileSync(options.records, told.map((record) => `${JSON.stringify(record)}\n`).join(''));
}
publish(
  [
    '**Targets**',
    table(['what', 'wanted', 'measured', 'rounds', 'verdict'], judged),
    'Ratios are against the best Python peer of the same round, then the median over rounds. A figure with failures is none.',
    '**Signature of floats**; `fast` is the same build on a spec with `decode: fast`',
    float.tables,
    '**Signature of uint8**',
    uint8.tables,
    machine(),
  ],
  options.out,
);
process.exitCode = judged.some(([, , , , verdict]) => verdict === 'no figure') ? 1 : 0;
