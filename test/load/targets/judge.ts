import { median } from '../harness/percentile.js';
import { figure as told } from '../harness/report.js';
import type { LoadRecord, PeerRecord, StartRecord } from './records.js';
import {
  LOAD_TARGETS,
  START_TARGETS,
  type LoadTarget,
  type StartTarget,
  type Wanted,
} from './targets.js';

type Row = [what: string, wanted: string, measured: string, rounds: string, verdict: Verdict];
type Verdict = 'pass' | 'MISS' | 'no figure';

const NAMES = {
  cpu_ms: 'CPU per request ÷ best Python peer',
  rps: 'requests/s ÷ best Python peer',
  p99: 'p99 ÷ lowest of the Python peers',
  pss: 'PSS under load, MiB',
  cold_start_s: 'cold start, s',
  idle_pss: 'idle PSS, MiB',
} as const;

/** A row for each target: what is wanted, the median over rounds, each round, and whether it is met. */
export function judge(float: readonly PeerRecord[], uint8: readonly PeerRecord[]): Row[] {
  const records = { float, uint8 };
  return [
    ...START_TARGETS.map((target) =>
      row(NAMES[target.figure], target.wanted, starts(float, target)),
    ),
    ...LOAD_TARGETS.map((target) =>
      row(nameOf(target), target.wanted, loads(records[target.signature], target)),
    ),
  ];
}

function nameOf({ load, of, signature, figure }: LoadTarget): string {
  const which = `${of === 'fast' ? ', decode: fast' : ''}${signature === 'uint8' ? ', uint8' : ''}`;
  return `${NAMES[figure]}: ${load.kind}, ${load.concurrency} in flight${which}`;
}

function starts(records: readonly PeerRecord[], { figure }: StartTarget): number[] {
  return records
    .filter((record): record is StartRecord => record.kind === 'start' && record.peer === 'mine')
    .map((record) => record[figure]);
}

/** A figure for each round, or none where answers failed or nobody was there to compare with. */
function loads(records: readonly PeerRecord[], target: LoadTarget): number[] {
  const { figure, of, load } = target;
  const title = `${load.kind}, concurrency ${load.concurrency},`;
  const given = records.filter(
    (record): record is LoadRecord => record.kind === 'load' && record.load.startsWith(title),
  );
  return given
    .filter((record) => record.peer === of)
    .map((record) => {
      if (failed(record) || record.good === 0) return NaN;
      if (figure === 'pss') return record.pss;
      const rivals = given
        .filter(({ python, round, good }) => python && round === record.round && good > 0)
        .map((rival) => rival[figure]);
      const best = figure === 'rps' ? Math.max(...rivals) : Math.min(...rivals);
      return rivals.length > 0 ? record[figure] / best : NaN;
    });
}

function failed({ bad, socket_errors, timeouts }: LoadRecord): boolean {
  return bad + socket_errors + timeouts > 0;
}

function row(what: string, [sign, limit]: Wanted, rounds: readonly number[]): Row {
  const measured = rounds.length > 0 ? median(rounds) : NaN;
  const verdict = rounds.some(Number.isNaN) || Number.isNaN(measured) ? 'no figure' : undefined;
  const met =
    sign === '≤' ? measured <= limit : sign === '≥' ? measured >= limit : measured < limit;
  return [
    what,
    `${sign} ${limit}`,
    told(measured),
    rounds.map(told).join(' '),
    verdict ?? (met ? 'pass' : 'MISS'),
  ];
}
