import { detectFormat } from './format.js';

const bytes = (text: string) => new Uint8Array(Buffer.from(text, 'latin1'));

describe('detectFormat', () => {
  it.each([
    { name: 'JPEG', head: '\xff\xd8\xff\xe0', format: 'jpeg' },
    { name: 'PNG', head: '\x89PNG\r\n\x1a\n', format: 'png' },
    { name: 'WebP, lossy', head: 'RIFF\0\0\0\0WEBPVP8 ', format: 'webp' },
    { name: 'WebP, lossless', head: 'RIFF\n\r\n\rWEBPVP8L', format: 'webp' },
    { name: 'WebP, extended', head: 'RIFF\0\0\0\0WEBPVP8X', format: 'webp' },
    { name: 'GIF 87a', head: 'GIF87a', format: 'gif' },
    { name: 'GIF 89a', head: 'GIF89a', format: 'gif' },
    { name: 'BMP', head: `BM${'\0'.repeat(12)}\x28\0\0\0`, format: 'bmp' },
    { name: 'TIFF, little-endian', head: 'II*\0', format: 'tiff' },
    { name: 'TIFF, big-endian', head: 'MM\0*', format: 'tiff' },
    { name: 'BigTIFF', head: 'II+\0', format: 'tiff' },
  ])('knows $name', ({ head, format }) => {
    expect(detectFormat(bytes(head))).toBe(format);
  });

  it.each([
    { name: 'nothing', head: '' },
    { name: 'SVG', head: '<svg xmlns="http://www.w3.org/2000/svg"/>' },
    { name: 'SVG with an XML declaration', head: '<?xml version="1.0"?><svg/>' },
    { name: 'HEIC', head: '\0\0\0\x18ftypheic\0\0\0\0' },
    { name: 'AVIF', head: '\0\0\0\x1cftypavif\0\0\0\0' },
    { name: 'JPEG XL', head: '\xff\x0a' },
    { name: 'PDF', head: '%PDF-1.7' },
    { name: 'HTML', head: '<!doctype html><html>' },
    { name: 'text that begins like a BMP', head: 'BMW builds cars and bikes' },
    { name: 'WAV', head: 'RIFF\0\0\0\0WAVEfmt ' },
    { name: 'JPEG cut after two bytes', head: '\xff\xd8' },
    { name: 'ZIP', head: 'PK\x03\x04' },
  ])('does not take $name for a picture', ({ head }) => {
    expect(detectFormat(bytes(head))).toBeUndefined();
  });
});
