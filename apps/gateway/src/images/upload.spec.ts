import { readUpload } from './upload.js';

const TYPE = 'multipart/form-data; boundary=b';
const FILE = 'Content-Disposition: form-data; name="image"; filename="a.jpg"';

/** A form of parts, each its headers and its content, with a boundary. */
function form(parts: readonly [headers: string, content: string][], boundary = 'b'): Buffer {
  const all = parts.map(
    ([headers, content]) => `--${boundary}\r\n${headers}\r\n\r\n${content}\r\n`,
  );
  return Buffer.from(`${all.join('')}--${boundary}--\r\n`, 'latin1');
}

const read = (body: Buffer, type = TYPE): string => readUpload(body, type).toString('latin1');

describe('an upload', () => {
  it.each([
    ['as curl sends it', `${FILE}\r\nContent-Type: image/jpeg`],
    [
      'with names that are not quoted, as .NET does',
      'Content-Disposition: form-data; name=image; filename=a.jpg',
    ],
    ['with headers in small letters', FILE.toLowerCase()],
    [
      'with a name in an encoding',
      'Content-Disposition: form-data; name="image"; filename*=utf-8\'\'%c3%a9',
    ],
    [
      'without a name, but as bytes',
      'Content-Disposition: form-data; name="image"\r\nContent-Type: application/octet-stream',
    ],
  ])('is the file %s', (_name, headers) => {
    expect(read(form([[headers, 'abc']]))).toBe('abc');
  });

  it.each([
    ['nothing', ''],
    ['lines', '\r\n\r\n'],
    ['what looks like a delimiter', 'x--b--'],
    ['a delimiter less its end', '\r\n--'],
  ])('may be %s', (_name, content) => {
    expect(read(form([[FILE, content]]))).toBe(content);
  });

  it('is looked at, not copied', () => {
    const body = form([[FILE, 'abc']]);
    expect(readUpload(body, TYPE).buffer).toBe(body.buffer);
  });

  it.each([
    ['in quotes', 'multipart/form-data; boundary="a b?"', 'a b?'],
    ['behind another parameter', 'multipart/form-data; charset=utf-8; Boundary=b', 'b'],
    ['of regular expressions', 'multipart/form-data; boundary=.*+(', '.*+('],
  ])('may have a boundary %s', (_name, type, boundary) => {
    expect(read(form([[FILE, 'abc']], boundary), type)).toBe('abc');
  });

  it('may have words before and behind the form', () => {
    const body = Buffer.concat([
      Buffer.from('words\r\n'),
      form([[FILE, 'abc']]),
      Buffer.from('more'),
    ]);
    expect(read(body)).toBe('abc');
  });

  it.each([
    ['no part', form([])],
    ['a field instead of a file', form([['Content-Disposition: form-data; name="image"', 'abc']])],
    [
      'another field',
      form([['Content-Disposition: form-data; name="picture"; filename="a"', 'abc']]),
    ],
    [
      'a name only within another',
      form([['Content-Disposition: form-data; filename="name=image"', 'abc']]),
    ],
    [
      'two files',
      form([
        [FILE, 'a'],
        [FILE, 'b'],
      ]),
    ],
    // Of which the parser that was used before never saw the end.
    [
      'a large part that is no form data',
      form([['Content-Disposition: attachment', 'A'.repeat(100_000)]]),
    ],
    ['a large part without headers', form([['', 'A'.repeat(100_000)]])],
  ])('is refused with %s', (_name, body) => {
    expect(() => read(body)).toThrow('form field "image"');
  });

  it.each([
    ['no boundary', 'multipart/form-data', form([[FILE, 'abc']])],
    ['a boundary that is not there', 'multipart/form-data; boundary=c', form([[FILE, 'abc']])],
    [
      'a boundary of more than 70 characters',
      `multipart/form-data; boundary=${'b'.repeat(71)}`,
      form([[FILE, 'abc']], 'b'.repeat(71)),
    ],
    ['no end', TYPE, form([[FILE, 'abc']]).subarray(0, -10)],
    ['headers without end', TYPE, Buffer.from(`--b\r\n${FILE}`)],
    ['endless headers', TYPE, form([[`${FILE}\r\nX: ${'x'.repeat(20_000)}`, 'abc']])],
    ['nothing at all', TYPE, Buffer.alloc(0)],
  ])('cannot be read with %s', (_name, type, body) => {
    expect(() => read(body, type)).toThrow('could not be read');
  });
});
