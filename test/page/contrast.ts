import type { Page } from 'playwright-core';

/**
 * The visible texts of `page` whose contrast with the nearest painted background is below WCAG 2.2's
 * AA: 4.5, or 3 for large text.
 */
export function textsOfLowContrast(page: Page): Promise<string[]> {
  // Source text: this runs in the page, whose DOM types the project does not load.
  return page.evaluate<string[]>(`(() => {
    const channels = (colour) => colour.match(/[\\d.]+/g).map(Number);
    const luminance = (colour) => {
      const [r, g, b] = channels(colour).map((value) => {
        const share = value / 255;
        return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
      });
      return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    const background = (node) => {
      if (!node) return 'rgb(255, 255, 255)';
      const colour = getComputedStyle(node).backgroundColor;
      return (channels(colour)[3] ?? 1) === 1 ? colour : background(node.parentElement);
    };
    const low = [];
    for (const node of document.querySelectorAll('body *')) {
      const own = [...node.childNodes].some((child) => child.nodeType === 3 && child.data.trim());
      if (!own || !node.checkVisibility()) continue;
      const style = getComputedStyle(node);
      const [a, b] = [luminance(style.color), luminance(background(node))];
      const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
      const size = parseFloat(style.fontSize);
      const large = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
      if (ratio < (large ? 3 : 4.5)) low.push(ratio.toFixed(2) + ' ' + node.textContent.trim());
    }
    return low;
  })()`);
}
