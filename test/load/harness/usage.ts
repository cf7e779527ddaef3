import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

/** Ticks of `/proc/PID/stat`: 100 a second on Linux, whatever the kernel's own rate. */
const TICKS_PER_SECOND = 100;
/** Places in `/proc/PID/stat` after the command's name, from 0. */
const PARENT = 1;
const CPU = [11, 12, 13, 14] as const;

/** A process and all its descendants. */
export function processTree(root: number): number[] {
  const children = new Map<number, number[]>();
  for (const name of readdirSync('/proc')) {
    const pid = Number(name);
    const parent = Number.isInteger(pid) ? statOf(pid)?.[PARENT] : undefined;
    if (parent !== undefined) children.set(parent, [...(children.get(parent) ?? []), pid]);
  }
  const tree = [root];
  for (const pid of tree) tree.push(...(children.get(pid) ?? []));
  return tree;
}

/** User and system seconds of a process tree, ended children included. */
export function cpuSeconds(root: number): number {
  let ticks = 0;
  for (const pid of processTree(root)) {
    const stat = statOf(pid);
    if (stat) ticks += CPU.reduce((sum, place) => sum + stat[place]!, 0);
  }
  return ticks / TICKS_PER_SECOND;
}

/** PSS of a process tree in MiB: pages that processes share are shared out among them. */
export function pssMib(root: number): number {
  let kib = 0;
  for (const pid of processTree(root)) {
    const rollup = readGone(`/proc/${pid}/smaps_rollup`);
    kib += Number(/^Pss:\s+(\d+)/m.exec(rollup)?.[1] ?? 0);
  }
  return kib / 1024;
}

export interface OpenFiles {
  readonly descriptors: number;
  /** Of them. */
  readonly sockets: number;
}

export function openFiles(root: number): OpenFiles {
  let descriptors = 0;
  let sockets = 0;
  for (const pid of processTree(root)) {
    for (const target of linksIn(`/proc/${pid}/fd`)) {
      descriptors++;
      if (target.startsWith('socket:')) sockets++;
    }
  }
  return { descriptors, sockets };
}

function statOf(pid: number): number[] | undefined {
  const text = readGone(`/proc/${pid}/stat`);
  // The command's name may hold spaces and parentheses.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  return fields.length > CPU[3] ? fields.map(Number) : undefined;
}

function linksIn(folder: string): string[] {
  try {
    return readdirSync(folder).flatMap((name) => {
      try {
        return [readlinkSync(`${folder}/${name}`)];
      } catch {
        return [];
      }
    });
  } catch {
    return [];
  }
}

/** Processes and descriptors may end while they are looked at. */
function readGone(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
