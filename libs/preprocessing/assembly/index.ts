export { reserve, reset } from '../../jpeg/assembly/memory';
export { gatherBytes, gatherFloats, tables, unpack } from './pixels';
export { unfilter } from './unfilter';
