import { readTraceContext, traceHeaders } from './trace-context.js';

const TRACE = '0af7651916cd43dd8448eb211c80319c';
const SPAN = 'b7ad6b7169203331';
const GOOD = `00-${TRACE}-${SPAN}-01`;

describe('readTraceContext', () => {
  it.each([
    GOOD,
    `00-${TRACE}-${SPAN}-00`,
    `01-${TRACE}-${SPAN}-01-more`,
    `cc-${TRACE}-${SPAN}-09`,
  ])('takes %s, and hands it on as it is', (traceparent) => {
    const context = readTraceContext(traceparent, undefined);
    expect(context).toMatchObject({ traceId: TRACE, spanId: SPAN });
    expect(traceHeaders(context)).toEqual({ traceparent });
  });

  it.each([
    ['nothing', undefined],
    ['two of them', `${GOOD}, ${GOOD}`],
    ['capitals', GOOD.toUpperCase()],
    ['the version that there never is', `ff-${TRACE}-${SPAN}-01`],
    ['more than version 00 has', `${GOOD}-more`],
    ['a trace of zeros', `00-${'0'.repeat(32)}-${SPAN}-01`],
    ['a span of zeros', `00-${TRACE}-${'0'.repeat(16)}-01`],
    ['a short trace', `00-${TRACE.slice(1)}-${SPAN}-01`],
    ['more than others would take', `01-${TRACE}-${SPAN}-01-${'x'.repeat(1000)}`],
    ['a line break', `${GOOD}\n`],
  ])('takes %s for no trace', (_name, traceparent) => {
    expect(readTraceContext(traceparent, 'a=b')).toBeUndefined();
    expect(traceHeaders(readTraceContext(traceparent, 'a=b'))).toEqual({});
  });

  it('hands the state on, where it is of a length that everybody takes', () => {
    const of = (state: string) => traceHeaders(readTraceContext(GOOD, state))['tracestate'];
    expect(of('a=1,b=2')).toBe('a=1,b=2');
    expect(of('x'.repeat(512))).toHaveLength(512);
    expect(of('x'.repeat(513))).toBeUndefined();
    expect(of('a=ü')).toBeUndefined();
    expect(of('')).toBeUndefined();
  });
});
