import { judge } from './judge.js';
import type { LoadRecord, PeerRecord } from './records.js';

const ROUNDS = [0, 1, 2];

function load(peer: string, round: number, figures: Partial<LoadRecord> = {}): LoadRecord {
  return {
    kind: 'load',
    peer,
    round,
    python: peer !== 'mine' && peer !== 'fast',
    load: 'small, concurrency 32, 10 s',
    cpu_ms: 6,
    rps: 100,
    p99: 500,
    pss: 150,
    good: 1000,
    bad: 0,
    socket_errors: 0,
    timeouts: 0,
    ...figures,
  };
}

const rivals = ROUNDS.flatMap((round) => [
  load('flask', round, { cpu_ms: 9, rps: 120, p99: 400 }),
  load('fastapi', round, { cpu_ms: 6 * (round + 1), rps: 100, p99: 500 }),
]);

/** The row of what is said of small pictures, 32 in flight. */
function rowOf(figure: string, mine: readonly LoadRecord[], others: PeerRecord[] = rivals) {
  const name = `${figure}: small, 32 in flight`;
  return judge([...others, ...mine], [])
    .find(([what]) => what === name)!
    .slice(1);
}

const ours = (figures: Partial<LoadRecord>) => ROUNDS.map((round) => load('mine', round, figures));

describe('judge', () => {
  it('takes the ratio to the best of each round, then the median', () => {
    const cpu = rowOf('CPU per request ÷ best Python peer', ours({ cpu_ms: 4.5 }));
    expect(cpu).toEqual(['≤ 0.5', '0.500', '0.750 0.500 0.500', 'pass']);
    const speed = rowOf('requests/s ÷ best Python peer', ours({ rps: 200 }));
    expect(speed).toEqual(['≥ 1.8', '1.67', '1.67 1.67 1.67', 'MISS']);
  });

  it('wants p99 below the lowest, not at it', () => {
    expect(rowOf('p99 ÷ lowest of the Python peers', ours({ p99: 400 }))[3]).toBe('MISS');
    expect(rowOf('p99 ÷ lowest of the Python peers', ours({ p99: 399 }))[3]).toBe('pass');
  });

  it('takes no figure from a load with failures, or without a peer to compare with', () => {
    const cpu = 'CPU per request ÷ best Python peer';
    expect(rowOf(cpu, ours({ cpu_ms: 1, bad: 1 }))[3]).toBe('no figure');
    expect(rowOf(cpu, ours({ cpu_ms: 1 }), [])[3]).toBe('no figure');
    expect(rowOf(cpu, [])[3]).toBe('no figure');
  });
});
