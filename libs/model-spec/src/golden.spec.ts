import { typicalImage, type GoldenImage } from './golden.js';

const image = (file: string): GoldenImage => ({
  file,
  tensor: { dtype: 'DT_FLOAT', shape: [1], sha256: '' },
  scores: {},
});

const golden = (...files: string[]) => ({
  made_with: {},
  model_version: 1,
  scores_tolerance: 0,
  images: files.map(image),
});

describe('the golden image that a new version is asked with', () => {
  it.each([
    {
      name: 'is a JPEG, as most callers will send',
      files: ['a.png', 'b.JPG', 'c.jpeg'],
      is: 'b.JPG',
    },
    { name: 'is the first where none is a JPEG', files: ['a.png', 'b.gif'], is: 'a.png' },
    { name: 'is none where there are none', files: [], is: undefined },
  ])('$name', ({ files, is }) => {
    expect(typicalImage(golden(...files))?.file).toBe(is);
  });

  it('is the JPEG that is preferred, and another where none is', () => {
    const images = golden('a.png', 'b.jpg', 'c.jpg');
    expect(typicalImage(images, ({ file }) => file > 'b.jpg')?.file).toBe('c.jpg');
    expect(typicalImage(images, () => false)?.file).toBe('b.jpg');
  });
});
