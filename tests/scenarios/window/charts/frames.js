// Watches every frame of a chart: whether columns are drawn wherever the series has bars, and how
// long frames take. It reads the pixels of thin upright strips of the picture, as they were shown.
window.frames = (() => {
  const STRIPS = 48;
  /** A part of the picture this wide without a column is a blank. */
  const BLANK = 12;
  /** Upright pixels of another colour than the background: lines of the grid and of prices have fewer. */
  const RUN = 3;
  const NEAR = 12;
  const own = document.createElement('canvas');
  own.width = STRIPS;
  const pen = own.getContext('2d', { willReadFrequently: true });
  const seen = { n: 0, times: [], blankMs: 0, longestMs: 0, readMs: 0, act: '', acts: {} };
  let isOn = false;
  let last = null;
  let blankSince = null;

  /** The strips in which the series has bars. */
  function expected({ from, to, bars }) {
    const at = (i) => Number(from) + ((i + 0.5) / STRIPS) * (Number(to) - Number(from));
    return Array.from({ length: STRIPS }, (_, i) => at(i) >= 0 && at(i) < Number(bars));
  }

  function isInked(pixels, x, height) {
    const at = (y) => (y * STRIPS + x) * 4;
    let run = 0;
    for (let y = 4; y < height; y++) {
      const differs = [0, 1, 2].some((c) => Math.abs(pixels[at(y) + c] - pixels[at(2) + c]) > NEAR);
      run = differs ? run + 1 : 0;
      if (run >= RUN) return true;
    }
    return false;
  }

  /** Returns how many strips beside each other should hold columns and hold none. */
  function blank() {
    const chart = document.querySelector("[data-testid='chart-canvas']");
    const place = document.querySelector("[data-testid='chart-overview']")?.dataset;
    const all = [...(chart?.querySelectorAll('canvas') ?? [])];
    const pane = all.reduce((a, b) => (a && a.width * a.height >= b.width * b.height ? a : b), null);
    if (!pane || !place || pane.width === 0) return STRIPS;
    own.height = pane.height;
    // The nearest pixel of each strip, in one go: reading many times takes longer than a frame.
    pen.imageSmoothingEnabled = false;
    pen.drawImage(pane, 0, 0, pane.width, pane.height, 0, 0, STRIPS, pane.height);
    const { data } = pen.getImageData(0, 0, STRIPS, pane.height);
    let most = 0;
    let run = 0;
    expected(place).forEach((is, i) => {
      run = is && !isInked(data, i, pane.height) ? run + 1 : 0;
      most = Math.max(most, run);
    });
    return most;
  }

  function frame(now) {
    requestAnimationFrame(frame);
    if (!isOn) return;
    const took = last === null ? 0 : now - last;
    const begun = performance.now();
    const isBlank = blank() >= BLANK;
    seen.readMs += performance.now() - begun;
    const act = (seen.acts[seen.act] ??= { n: 0, longestMs: 0, blankMs: 0 });
    if (isBlank) blankSince ??= now;
    // What was blank stayed so until this frame.
    const blankMs = blankSince === null ? 0 : now - blankSince + (isBlank ? 1000 / 60 : 0);
    if (!isBlank) blankSince = null;
    seen.n++;
    act.n++;
    if (last !== null) seen.times.push(took);
    for (const of of [seen, act]) {
      of.longestMs = Math.max(of.longestMs, took);
      of.blankMs = Math.max(of.blankMs, blankMs);
    }
    last = now;
  }
  requestAnimationFrame(frame);

  return {
    /** Begins to watch, under the name of what is done. */
    begin: (act) => {
      seen.act = act;
      last = blankSince = null;
      isOn = true;
    },
    end: () => (isOn = false),
    /** How wide the widest blank is now, in strips. */
    blank,
    told: () => {
      const sorted = [...seen.times].sort((a, b) => a - b);
      const share = (part) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0;
      const { times, act, readMs, ...rest } = seen;
      return { ...rest, readMs: readMs / seen.n, p50Ms: share(0.5), p95Ms: share(0.95) };
    },
  };
})();
