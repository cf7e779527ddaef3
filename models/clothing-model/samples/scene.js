/** Everything of a sample picture that is not the garment: light, ground, cloth, grain. */

export const WIDTH = 480;
export const HEIGHT = 560;

const everywhere = `x="0" y="0" width="${WIDTH}" height="${HEIGHT}" filterUnits="userSpaceOnUse"`;

/** Blurred strokes: folds that the lighting of {@link cloth} alone does not make. */
export function crease(d, { width = 8, tone = '#000', opacity = 0.3 } = {}) {
  return `<path d="${d}" fill="none" stroke="${tone}" stroke-width="${width}" stroke-linecap="round"
    opacity="${opacity}" filter="url(#soft)"/>`;
}

/** A line of thread. */
export function stitch(d, tone, { width = 1.4, dash = '4 2.5' } = {}) {
  return `<path d="${d}" fill="none" stroke="${tone}" stroke-width="${width}" stroke-dasharray="${dash}"/>`;
}

/** A seam: a dark groove with light on one side. */
export function seam(d, { width = 1.6, opacity = 0.5 } = {}) {
  return `<path d="${d}" fill="none" stroke="#000" stroke-width="${width}" opacity="${opacity}"/>
    <path d="${d}" fill="none" stroke="#fff" stroke-width="${width * 0.7}" opacity="${opacity * 0.35}"
      transform="translate(1.4 1.4)"/>`;
}

/**
 * Lays `content` on the ground as cloth: its outline wavers, noise lit from the upper left makes the
 * folds, its blurred outline the thickness, fine noise the weave.
 */
export function cloth(
  content,
  { seed = 1, folds = 0.5, thickness = 0.22, size = '0.011 0.007', weave = 0.8 } = {},
) {
  return `<filter id="cloth" ${everywhere} color-interpolation-filters="sRGB">
    <feTurbulence type="fractalNoise" baseFrequency="0.018" numOctaves="2" seed="${seed + 40}" result="waver"/>
    <feDisplacementMap in="SourceGraphic" in2="waver" scale="13" xChannelSelector="R" yChannelSelector="G" result="piece"/>
    <feGaussianBlur in="piece" stdDeviation="6" result="height"/>
    <feTurbulence type="fractalNoise" baseFrequency="${size}" numOctaves="3" seed="${seed}" result="noise"/>
    <feComposite in="noise" in2="height" operator="arithmetic" k2="${folds}" k3="${thickness}" result="relief"/>
    <feDiffuseLighting in="relief" surfaceScale="34" diffuseConstant="1.22" lighting-color="#fffdf8" result="light">
      <feDistantLight azimuth="230" elevation="56"/>
    </feDiffuseLighting>
    <feTurbulence type="fractalNoise" baseFrequency="0.55 0.75" numOctaves="2" seed="${seed + 9}" result="threads"/>
    <feDiffuseLighting in="threads" surfaceScale="${weave}" diffuseConstant="1.18" lighting-color="#fff" result="grain">
      <feDistantLight azimuth="230" elevation="58"/>
    </feDiffuseLighting>
    <feBlend in="light" in2="grain" mode="multiply" result="shade"/>
    <feBlend in="piece" in2="shade" mode="multiply" result="lit"/>
    <feComposite in="lit" in2="piece" operator="in"/>
  </filter>
  <g filter="url(#shadow)"><g filter="url(#cloth)">${content}</g></g>`;
}

export const grounds = {
  /** Floor boards; `angle` turns them. */
  wood: ({ tone = '#b98a5b', dark = '#6b4526', angle = 90, board = 92, seed = 2 } = {}) => {
    const reach = 900;
    const lines = [];
    for (let y = -reach; y < reach; y += board) {
      const shift = ((y / board) * 263) % 400;
      lines.push(`<path d="M${-reach} ${y}H${reach}" stroke="${dark}" stroke-width="2.2" opacity=".75"/>
        <rect x="${-reach}" y="${y}" width="${2 * reach}" height="${board}" fill="${dark}"
          opacity="${0.05 + 0.13 * Math.abs(Math.sin(y * 12.9))}"/>`);
      for (let x = -reach + shift; x < reach; x += 420) {
        lines.push(
          `<path d="M${x} ${y}v${board}" stroke="${dark}" stroke-width="1.8" opacity=".6"/>`,
        );
      }
    }
    return `<filter id="grainy" x="-900" y="-900" width="1800" height="1800" filterUnits="userSpaceOnUse" color-interpolation-filters="sRGB">
        <feTurbulence type="fractalNoise" baseFrequency="0.006 0.11" numOctaves="4" seed="${seed}"/>
        <feColorMatrix values="0 0 0 0 0.25  0 0 0 0 0.14  0 0 0 0 0.06  1.9 0 0 0 -0.72"/>
      </filter>
      <rect width="100%" height="100%" fill="${tone}"/>
      <g transform="rotate(${angle} 240 280)"><rect x="-900" y="-900" width="1800" height="1800" filter="url(#grainy)" opacity=".55"/>
      ${lines.join('')}</g>`;
  },
  /** A bed sheet or blanket. */
  sheet: ({ tone = '#e9e4da', seed = 5, relief = 30, size = '0.0032 0.006' } = {}) =>
    `<filter id="sheet" x="-20" y="-20" width="${WIDTH + 40}" height="${HEIGHT + 40}" filterUnits="userSpaceOnUse" color-interpolation-filters="sRGB">
      <feTurbulence type="fractalNoise" baseFrequency="${size}" numOctaves="3" seed="${seed}"/>
      <feDiffuseLighting surfaceScale="${relief}" diffuseConstant="1.2" lighting-color="#fff">
        <feDistantLight azimuth="230" elevation="58"/>
      </feDiffuseLighting>
      <feGaussianBlur stdDeviation="2.2"/>
      <feBlend in2="SourceGraphic" mode="multiply"/>
    </filter>
    <rect x="-20" y="-20" width="${WIDTH + 40}" height="${HEIGHT + 40}" fill="${tone}" filter="url(#sheet)"/>`,
  /** Stone tiles laid askew. */
  tiles: ({ tone = '#d9cdb9', joint = '#a8977f', angle = 32, side = 210, seed = 4 } = {}) => {
    const lines = [];
    for (let at = -900; at < 900; at += side) {
      lines.push(`M${at} -900V900M-900 ${at}H900`);
    }
    return `<filter id="stone" ${everywhere} color-interpolation-filters="sRGB">
        <feTurbulence type="fractalNoise" baseFrequency="0.03" numOctaves="4" seed="${seed}"/>
        <feColorMatrix values="0 0 0 0 0.45  0 0 0 0 0.36  0 0 0 0 0.26  0 1.2 0 0 -0.45"/>
      </filter>
      <rect width="100%" height="100%" fill="${tone}"/>
      <rect width="100%" height="100%" filter="url(#stone)" opacity=".5"/>
      <path d="${lines.join('')}" transform="rotate(${angle} 240 280)" stroke="${joint}" stroke-width="4" fill="none"/>`;
  },
  /** A short-haired carpet. */
  carpet: ({ tone = '#8d8478', seed = 6 } = {}) =>
    `<filter id="pile" ${everywhere} color-interpolation-filters="sRGB">
      <feTurbulence type="fractalNoise" baseFrequency="0.22 0.3" numOctaves="3" seed="${seed}"/>
      <feDiffuseLighting surfaceScale="5" diffuseConstant="1.25" lighting-color="#fff">
        <feDistantLight azimuth="220" elevation="55"/>
      </feDiffuseLighting>
      <feBlend in2="SourceGraphic" mode="multiply"/>
    </filter>
    <rect width="100%" height="100%" fill="${tone}" filter="url(#pile)"/>`,
};

/** The whole picture: ground, garment, the lamp's falloff and the camera's grain. */
export function photograph(ground, garment, { turn = 0, scale = 1 } = {}) {
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${HEIGHT}" viewBox="0 0 ${WIDTH} ${HEIGHT}">
    <defs>
      <filter id="soft" x="-50%" y="-50%" width="200%" height="200%"><feGaussianBlur stdDeviation="4"/></filter>
      <filter id="shadow" ${everywhere} color-interpolation-filters="sRGB">
        <feDropShadow dx="5" dy="7" stdDeviation="7" flood-color="#120c06" flood-opacity=".55"/>
      </filter>
      <filter id="camera" ${everywhere} color-interpolation-filters="sRGB">
        <feTurbulence type="fractalNoise" baseFrequency="0.7" numOctaves="2" seed="77"/>
        <feColorMatrix values="0.6 0.4 0 0 0  0.6 0.4 0 0 0  0.6 0.4 0 0 0  0 0 0 0 1"/>
      </filter>
      <radialGradient id="lamp" cx=".42" cy=".36" r=".85">
        <stop offset="0" stop-color="#fff6e4" stop-opacity=".16"/>
        <stop offset=".55" stop-color="#fff6e4" stop-opacity="0"/>
        <stop offset="1" stop-color="#0b0703" stop-opacity=".38"/>
      </radialGradient>
    </defs>
    ${ground}
    <g transform="translate(240 280) rotate(${turn}) scale(${scale}) translate(-240 -280)">${garment}</g>
    <rect width="100%" height="100%" fill="url(#lamp)"/>
    <rect width="100%" height="100%" filter="url(#camera)" opacity=".07"/>
  </svg>`;
}
