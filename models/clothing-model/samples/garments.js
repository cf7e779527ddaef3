/** The garments, each drawn flat in the middle of a 480 × 560 picture. */

import { cloth, crease, seam, stitch } from './scene.js';

const fill = (d, tone, extra = '') => `<path d="${d}" fill="${tone}" ${extra}/>`;

/** Draws `content` only inside the outline `d`. */
const within = (d, content, id = 'outline') =>
  `<clipPath id="${id}"><path d="${d}"/></clipPath><g clip-path="url(#${id})">${content}</g>`;

export function pants({ tone = '#3d5f8f', thread = '#c98f4a' } = {}) {
  const outline =
    'M160 44Q240 58 320 44L331 96Q352 210 366 520L280 528Q268 360 242 214Q214 360 200 528L114 520Q128 210 149 96Z';
  return cloth(
    fill(outline, tone) +
      within(
        outline,
        `<ellipse cx="172" cy="250" rx="26" ry="130" fill="#fff" opacity=".2" filter="url(#soft)"/>
         <ellipse cx="308" cy="250" rx="26" ry="130" fill="#fff" opacity=".2" filter="url(#soft)"/>` +
          crease('M242 214L190 236', { opacity: 0.4 }) +
          crease('M242 214L296 238', { opacity: 0.4 }) +
          crease('M242 216L214 272', { width: 6 }) +
          crease('M242 216L272 272', { width: 6 }) +
          crease('M140 370Q170 384 204 366', { opacity: 0.25 }) +
          crease('M282 372Q310 388 350 368', { opacity: 0.25 }) +
          crease('M122 486Q160 500 200 482', { opacity: 0.25 }) +
          crease('M284 490Q320 502 364 482', { opacity: 0.25 }) +
          crease('M240 90L240 206', { width: 5, opacity: 0.25 }),
      ) +
      fill('M160 44Q240 58 320 44L324 70Q240 84 156 70Z', tone) +
      fill('M170 46Q240 62 310 46Q240 52 170 46Z', '#16202f') +
      seam('M156 70Q240 84 324 70') +
      stitch('M157 74Q240 88 323 74', thread) +
      stitch('M160 49Q240 63 320 49', thread) +
      seam('M241 80L242 214') +
      stitch('M262 82Q264 140 243 168', thread) +
      seam('M164 76Q176 116 148 126') +
      stitch('M168 77Q181 121 149 131', thread) +
      seam('M316 76Q304 116 332 126') +
      stitch('M312 77Q299 121 331 131', thread) +
      seam('M242 214Q262 360 280 528', { opacity: 0.3 }) +
      stitch('M116 512L200 520', thread) +
      stitch('M280 520L365 512', thread) +
      [182, 214, 268, 300]
        .map(
          (x) =>
            `<rect x="${x - 4}" y="48" width="8" height="30" rx="2" fill="${tone}" stroke="#1d2c44" stroke-width="1"/>`,
        )
        .join('') +
      `<circle cx="241" cy="68" r="5" fill="#c9a46a" stroke="#6b5330"/>`,
    { seed: 3, folds: 0.55 },
  );
}

export function tshirt({ tone = '#2f9fb8', thread = '#0d4653', print = '#f4efe0' } = {}) {
  const outline =
    'M178 86Q240 126 302 86L358 104Q414 146 462 222L394 276L362 244Q356 350 364 474Q240 488 116 474Q124 350 118 244L86 276L18 222Q66 146 122 104Z';
  return cloth(
    fill(outline, tone) +
      fill('M178 86Q240 72 302 86Q240 126 178 86Z', '#14505f') +
      within(
        outline,
        crease('M118 244Q142 196 132 140', { opacity: 0.35 }) +
          crease('M362 244Q338 196 348 140', { opacity: 0.35 }) +
          crease('M124 252Q170 266 196 316', { opacity: 0.22 }) +
          crease('M356 252Q310 266 288 316', { opacity: 0.22 }) +
          crease('M146 474Q166 410 156 350', { opacity: 0.16, width: 12 }) +
          crease('M326 474Q308 410 324 360', { opacity: 0.16, width: 12 }) +
          crease('M190 140Q230 180 300 142', { tone: '#fff', opacity: 0.14, width: 14 }),
      ) +
      `<g fill="${print}" opacity=".92"><circle cx="240" cy="222" r="42"/>
        <path d="M202 234L227 205L244 224L257 212L280 236Q263 262 240 262Q215 262 202 234Z" fill="${tone}"/>
        <rect x="184" y="280" width="112" height="13"/><rect x="206" y="302" width="68" height="8"/></g>` +
      `<path d="M178 86Q240 126 302 86" fill="none" stroke="${tone}" stroke-width="13"/>` +
      seam('M172 94Q240 140 308 94') +
      seam('M122 104Q134 160 118 244', { opacity: 0.4 }) +
      seam('M358 104Q346 160 362 244', { opacity: 0.4 }) +
      stitch('M28 215L93 267', thread, { width: 1.2 }) +
      stitch('M452 215L387 267', thread, { width: 1.2 }) +
      stitch('M117 464Q240 478 363 464', thread, { width: 1.2 }),
    { seed: 8, folds: 0.42, weave: 0.5 },
  );
}

export function longsleeve({ tone = '#e7e2d8', stripe = '#23304f' } = {}) {
  const outline =
    'M190 70Q240 100 290 70L334 84Q372 110 392 190Q424 330 446 440L404 452Q370 350 340 250Q338 380 344 492Q240 504 136 492Q142 380 140 250Q110 350 76 452L34 440Q56 330 88 190Q108 110 146 84Z';
  const stripes = [];
  for (let y = 120; y < 500; y += 27) {
    stripes.push(
      `<path d="M120 ${y}Q240 ${y + 12} 360 ${y}" stroke="${stripe}" stroke-width="11" fill="none"/>`,
    );
  }
  const rings = Array.from({ length: 14 }, (_, step) => {
    const y = 110 + step * 26;
    const x = 122 - step * 6;
    return `M${x - 50} ${y - 12}L${x + 40} ${y + 12}M${530 - x} ${y - 12}L${440 - x} ${y + 12}`;
  });
  const body = 'M146 84L334 84L340 250Q338 380 344 492Q240 504 136 492Q142 380 140 250Z';
  return cloth(
    fill(outline, tone) +
      within(
        outline,
        `<path d="${rings.join('')}" stroke="${stripe}" stroke-width="11" fill="none"/>`,
      ) +
      within(body, fill(body, tone) + stripes.join(''), 'body') +
      fill('M190 70Q240 58 290 70Q240 100 190 70Z', '#6f6a61') +
      `<path d="M190 70Q240 100 290 70" fill="none" stroke="${stripe}" stroke-width="9"/>` +
      within(
        outline,
        crease('M140 250Q152 170 146 100', { opacity: 0.45 }) +
          crease('M340 250Q328 170 334 100', { opacity: 0.45 }) +
          crease('M150 256Q190 280 210 330') +
          crease('M330 256Q290 280 276 330') +
          crease('M170 490Q190 430 180 370', { width: 12, opacity: 0.2 }) +
          crease('M300 490Q290 430 304 370', { width: 12, opacity: 0.2 }),
        'folds',
      ) +
      stitch('M137 482Q240 494 343 482', '#555') +
      seam('M40 424L80 438') +
      seam('M440 424L400 438'),
    { seed: 12, folds: 0.5, weave: 0.6 },
  );
}

export function dress({ tone = '#a5243f' } = {}) {
  const outline =
    'M172 52L202 44Q212 84 240 88Q268 84 278 44L308 52Q334 66 366 122L318 158Q314 190 312 222Q338 350 362 506Q300 530 240 528Q180 530 118 506Q142 350 168 222Q166 190 162 158L114 122Q146 66 172 52Z';
  const flowers = Array.from({ length: 120 }, (_, at) => {
    const x = 90 + (at % 10) * 32 + ((at * 37) % 17);
    const y = 56 + Math.floor(at / 10) * 41 + ((at * 53) % 19);
    const turn = (at * 71) % 360;
    return `<g transform="translate(${x} ${y}) rotate(${turn})"><circle cx="-4" cy="0" r="4.6"/><circle cx="4" cy="0" r="4.6"/>
      <circle cx="0" cy="-5" r="4.6"/><circle cx="0" cy="5" r="4.6"/><circle r="2.6" fill="#c88a2b"/></g>`;
  }).join('');
  return cloth(
    fill('M202 44Q240 62 278 44Q268 84 240 88Q212 84 202 44Z', '#4c0f1d') +
      fill(outline, tone) +
      within(
        outline,
        `<g fill="#f3dcd6" opacity=".9">${flowers}</g>` +
          crease('M196 250Q176 380 160 524', { width: 14, opacity: 0.25 }) +
          crease('M240 260Q236 400 226 530', { width: 14, opacity: 0.25 }) +
          crease('M282 250Q304 380 318 524', { width: 14, opacity: 0.25 }) +
          crease('M176 64Q182 110 162 158', { opacity: 0.35 }) +
          crease('M304 64Q298 110 318 158', { opacity: 0.35 }) +
          crease('M168 222Q204 236 226 262', { opacity: 0.3 }) +
          crease('M312 222Q276 236 256 262', { opacity: 0.3 }),
      ) +
      seam('M167 216Q240 228 313 216', { opacity: 0.35 }) +
      seam('M172 52Q180 108 162 158', { opacity: 0.35 }) +
      seam('M308 52Q300 108 318 158', { opacity: 0.35 }) +
      `<path d="M202 44Q212 84 240 88Q268 84 278 44" fill="none" stroke="#7d182d" stroke-width="5"/>` +
      stitch('M121 497Q180 520 240 518Q300 520 359 497', '#5e1222', { width: 1.2 }),
    { seed: 21, folds: 0.45, size: '0.014 0.006', weave: 0.4 },
  );
}

export function skirt({ tone = '#b7863a' } = {}) {
  const outline =
    'M154 104Q240 118 326 104L334 140Q392 300 424 446Q330 482 240 482Q150 482 56 446Q88 300 146 140Z';
  const pleats = [];
  for (let step = -6; step <= 6; step++) {
    const top = 240 + step * 14;
    const foot = 240 + step * 30;
    const d = `M${top} 142Q${(top + foot) / 2 + step} 300 ${foot} 490`;
    pleats.push(crease(d, { width: 8, opacity: 0.42 }), seam(d, { opacity: 0.25, width: 1.2 }));
    pleats.push(
      crease(d, { width: 6, tone: '#ffe9b8', opacity: 0.2 }).replace(
        '<path',
        '<path transform="translate(12 0)"',
      ),
    );
  }
  return cloth(
    fill(outline, tone) +
      within(outline, pleats.join('')) +
      fill('M154 104Q240 118 326 104L334 140Q240 156 146 140Z', tone) +
      fill('M162 106Q240 122 318 106Q240 110 162 106Z', '#4d3510') +
      seam('M146 140Q240 156 334 140') +
      stitch('M148 134Q240 150 332 134', '#6e4d18', { width: 1.2 }) +
      stitch('M60 436Q150 472 240 472Q330 472 420 436', '#6e4d18', { width: 1.2 }),
    { seed: 31, folds: 0.42, size: '0.014 0.005', weave: 0.5 },
  );
}

export function shorts({ tone = '#26324d' } = {}) {
  const outline =
    'M128 116Q240 130 352 116L362 160Q390 280 410 404Q340 432 268 424Q258 350 240 296Q222 350 212 424Q140 432 70 404Q90 280 118 160Z';
  return cloth(
    fill(outline, tone) +
      within(
        outline,
        crease('M240 296L170 330', { opacity: 0.45 }) +
          crease('M240 296L312 330', { opacity: 0.45 }) +
          crease('M240 298L206 380', { opacity: 0.4 }) +
          crease('M240 298L276 380', { opacity: 0.4 }) +
          crease('M110 250Q130 330 110 410', { width: 12 }) +
          crease('M370 250Q350 330 370 410', { width: 12 }) +
          crease('M160 170Q150 280 150 420', { width: 12, tone: '#9fb0d8', opacity: 0.18 }) +
          crease('M322 170Q330 280 332 420', { width: 12, tone: '#9fb0d8', opacity: 0.18 }),
      ) +
      fill('M128 116Q240 130 352 116L362 156Q240 170 118 156Z', tone) +
      fill('M138 118Q240 134 342 118Q240 122 138 118Z', '#0b101c') +
      Array.from({ length: 23 }, (_, at) => {
        const x = 134 + at * 9.6;
        return crease(`M${x} 124L${x - (240 - x) * 0.04} 162`, { width: 3, opacity: 0.5 }).replace(
          ' filter="url(#soft)"',
          '',
        );
      }).join('') +
      seam('M118 160Q240 174 362 160') +
      seam('M240 168L240 296') +
      seam('M126 172Q150 210 112 244') +
      seam('M354 172Q330 210 368 244') +
      stitch('M74 394Q140 420 213 413', '#8e9cc0', { width: 1.1 }) +
      stitch('M267 413Q340 420 406 394', '#8e9cc0', { width: 1.1 }) +
      `<path d="M232 146Q206 190 214 236M248 146Q276 186 262 244" fill="none" stroke="#e9e6dd" stroke-width="5" stroke-linecap="round"/>`,
    { seed: 17, folds: 0.5 },
  );
}

export function hat({ tone = '#2d4f9e' } = {}) {
  const crown = 'M96 330Q92 150 240 132Q388 150 384 330Q316 296 240 296Q164 296 96 330Z';
  const bill =
    'M94 326Q164 290 240 290Q316 290 386 326Q430 380 400 414Q330 372 240 372Q150 372 80 414Q50 380 94 326Z';
  return cloth(
    fill(crown, tone) +
      within(
        crown,
        `<ellipse cx="186" cy="206" rx="52" ry="44" fill="#fff" opacity=".2" filter="url(#soft)"/>` +
          crease('M110 330Q104 230 140 180', { width: 22, opacity: 0.4 }) +
          crease('M372 330Q378 230 340 180', { width: 26, opacity: 0.5 }),
      ) +
      seam('M240 132Q240 220 240 296', { width: 2 }) +
      seam('M240 132Q150 170 146 306', { width: 2 }) +
      seam('M240 132Q330 170 334 306', { width: 2 }) +
      stitch('M235 140Q235 220 235 294', '#8fa6de', { width: 1.1 }) +
      stitch('M245 140Q245 220 245 294', '#8fa6de', { width: 1.1 }) +
      [
        [176, 196],
        [304, 196],
      ]
        .map(
          ([x, y]) =>
            `<circle cx="${x}" cy="${y}" r="5" fill="#0d1a3a" stroke="#8fa6de" stroke-width="1.6"/>`,
        )
        .join('') +
      `<ellipse cx="240" cy="132" rx="13" ry="7" fill="#21407f" stroke="#14264f"/>
       <path d="M240 212L252 238L280 241L259 259L265 287L240 272L215 287L221 259L200 241L228 238Z" fill="#f2f0ea"/>` +
      fill(bill, '#25438a') +
      within(
        bill,
        crease('M90 330Q164 294 240 294Q316 294 390 330', { width: 18, opacity: 0.55 }) +
          crease('M120 376Q180 346 240 346Q300 346 360 376', {
            width: 18,
            tone: '#fff',
            opacity: 0.2,
          }),
        'bill',
      ) +
      [8, 18, 28, 38, 48]
        .map((drop) =>
          stitch(
            `M${84 - drop / 6} ${350 + drop}Q160 ${304 + drop} 240 ${304 + drop}Q320 ${304 + drop} ${396 + drop / 6} ${350 + drop}`,
            '#7f97d4',
            { width: 1 },
          ),
        )
        .join(''),
    { seed: 26, folds: 0.3, weave: 0.7 },
  );
}

function shoe(mirrored) {
  const sole =
    'M94 300C84 196 108 140 152 140C200 140 216 196 208 300Q204 380 208 430C206 480 184 498 150 498C116 498 96 480 94 430Q98 380 94 300Z';
  const upper =
    'M105 300C98 206 116 158 152 158C190 158 204 206 197 300Q194 380 197 430C194 470 178 484 150 484C122 484 106 470 104 430Q108 380 105 300Z';
  const opening = 'M124 366Q150 350 176 366Q186 410 180 446Q150 470 120 446Q114 410 124 366Z';
  const laces = Array.from({ length: 5 }, (_, at) => {
    const y = 262 + at * 22;
    return `<path d="M122 ${y}Q150 ${y + 8} 178 ${y}" stroke="#f6f6f2" stroke-width="8" fill="none" stroke-linecap="round"/>
      <circle cx="119" cy="${y}" r="3" fill="#111"/><circle cx="181" cy="${y}" r="3" fill="#111"/>`;
  }).join('');
  return `<g ${mirrored ? 'transform="translate(480 0) scale(-1 1)"' : ''} >
    <g transform="rotate(-5 150 320) translate(4 -14)">
    ${fill(sole, '#ece8de')}
    <path d="${sole}" fill="none" stroke="#8b8577" stroke-width="2"/>
    ${fill(upper, '#33363d')}
    <ellipse cx="142" cy="208" rx="24" ry="20" fill="#fff" opacity=".25" filter="url(#soft)"/>
    ${seam('M108 252Q150 206 193 252', { width: 2.4, opacity: 0.7 })}
    ${stitch('M110 260Q150 214 191 260', '#9a9a94', { width: 1.1 })}
    ${fill('M128 246Q150 238 172 246L178 372Q150 356 122 372Z', '#24262b')}
    ${laces}
    ${fill(opening, '#0c0c0e')}
    <path d="${opening}" fill="none" stroke="#50545d" stroke-width="7"/>
    ${fill('M130 420Q150 402 170 420Q172 444 150 452Q128 444 130 420Z', '#3c3934')}
    ${fill('M132 346Q150 338 168 346L172 384Q150 372 128 384Z', '#2c2f35')}
    ${stitch('M108 320Q106 400 112 440', '#9a9a94', { width: 1.1 })}
    ${stitch('M193 320Q195 400 189 440', '#9a9a94', { width: 1.1 })}
    <path d="M104 300L122 330M103 330L121 356M197 300L179 330M198 330L180 356" stroke="#e9e6dc" stroke-width="7"/>
    </g></g>`;
}

export function shoes() {
  return cloth(shoe(false) + shoe(true), { seed: 44, folds: 0.2, weave: 0.5 });
}
