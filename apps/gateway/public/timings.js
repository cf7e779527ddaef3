import { $, barRow } from './dom.js';

/**
 * Where the time went: the stages that the service tells of in `Server-Timing`, what it needed besides,
 * and what the browser waited beyond that. Nothing is shown where a proxy keeps the header.
 */
export function showTimings(serverTiming, waitedMs) {
  const took = parse(serverTiming);
  const total = took.get('total');
  $('timings').hidden = total === undefined;
  if (total === undefined) return;
  const stages = stagesOf(took);
  const rest = stages.reduce((left, [, ms]) => left - ms, total);
  const rows = [
    ...stages,
    ['Receiving and waiting', rest],
    ['In the service, in all', total],
    ['Network and browser', waitedMs - total],
  ];
  const longest = Math.max(waitedMs, total);
  $('timing-list').replaceChildren(
    // Clocks are read at moments that are not quite the same.
    ...rows.map(([name, ms]) => barRow(name, inMs(Math.max(ms, 0)), ms / longest)),
  );
  $('timing-note').hidden = took.has('infer');
}

function stagesOf(took) {
  const stages = [
    ['Fetch the link', took.get('fetch')],
    ...(took.get('resize') === 0
      ? [['Decode and resize, in one pass', took.get('decode')]]
      : [
          ['Decode', took.get('decode')],
          ['Resize', took.get('resize')],
        ]),
    ['Model', took.get('infer')],
  ];
  return stages.filter(([, ms]) => ms !== undefined);
}

function parse(header) {
  const metrics = header.matchAll(/(\w+)\s*;\s*dur=([\d.]+)/g);
  return new Map([...metrics].map(([, name, ms]) => [name, Number(ms)]));
}

function inMs(ms) {
  return `${ms < 100 ? ms.toFixed(1) : Math.round(ms)} ms`;
}
