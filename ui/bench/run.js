/**
 * Runs the page of figures in WebKit and prints them. `node bench/run.js --dir DIR` in ui/.
 * Takes WebKitWebDriver and WebKit's MiniBrowser (Debian: webkit2gtk-driver, libwebkit2gtk-4.1-0), and a display.
 */
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import process from 'node:process';
import { setTimeout as setTimeoutPromise } from 'node:timers/promises';

import { build, preview } from 'vite';

const SIZES = [10_000, 1_000_000, 10_000_000];
/** Frames are compared with those of a chart of so many bars. */
const FEW = 500;
/** As the window without a graphics processor (`src-tauri/src/surface.rs`): canvases are drawn without OpenGL. */
const isByHardware = existsSync('/dev/dri') && readdirSync('/dev/dri').some((name) => name.startsWith('renderD'));
const PLAIN = isByHardware ? [] : ['--enable-2d-canvas-acceleration=FALSE'];
const CHANGE_GOAL_MS = 50;
const PAYLOAD_GOAL = 160 * 1024;
const HELD_GOAL_MS = 100;
/** Who takes longer for a chart does not show it. */
const PATIENCE_MS = 120_000;

const at = process.argv.indexOf('--dir');
const dir = at < 0 ? '.' : (process.argv[at + 1] ?? '.');
const browser = readdirSync('/usr/lib').map((name) => join('/usr/lib', name, 'webkit2gtk-4.1/MiniBrowser')).find((path) => existsSync(path));
if (!browser) {
  console.log('The chart is not measured: WebKit has no MiniBrowser here (Debian: libwebkit2gtk-4.1-0).');
  process.exit(0);
}

const freePort = () =>
  new Promise((done) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => done(port));
    });
  });
const sorted = (all) => [...all].sort((a, b) => a - b);
const share = (all, part) => sorted(all)[Math.min(all.length - 1, Math.floor(all.length * part))] ?? Number.NaN;
const ms = (value) => `${value.toFixed(1)} ms`;

const out = join(dir, 'chart-page');
mkdirSync(out, { recursive: true });
await build({ configFile: 'bench/vite.config.ts', logLevel: 'warn', build: { outDir: out } });
const pages = await preview({ configFile: 'bench/vite.config.ts', logLevel: 'warn', build: { outDir: out }, preview: { host: '127.0.0.1', port: await freePort() } });
const port = await freePort();
const driver = spawn('WebKitWebDriver', [`--port=${port}`], { stdio: 'ignore', detached: true });
driver.on('error', () => {
  console.log('The chart is not measured: WebKitWebDriver is not installed (Debian: webkit2gtk-driver).');
  process.exit(0);
});

const base = `http://127.0.0.1:${port}`;
async function ask(method, path, body) {
  for (let tries = 0; ; tries++) {
    try {
      const answer = await fetch(base + path, { method, ...(body ? { body: JSON.stringify(body) } : {}) });
      const { value } = await answer.json();
      if (value?.error) throw new Error(`${value.error}: ${value.message}`, { cause: 'answered' });
      return value;
    } catch (error) {
      if (error.cause === 'answered' || tries === 100) throw error;
      await new Promise((done) => setTimeout(done, 50));
    }
  }
}

let failure = null;
try {
  const { sessionId } = await ask('POST', '/session', { capabilities: { alwaysMatch: { 'webkitgtk:browserOptions': { binary: browser, args: ['--automation', ...PLAIN] } } } });
  const session = `/session/${sessionId}`;
  await ask('POST', `${session}/timeouts`, { script: 600_000 });
  const figures = async (kind, nBars) => {
    // A page of its own for each, so that none carries the memory of another.
    await ask('POST', `${session}/url`, { url: `${pages.resolvedUrls.local[0]}chart.html` });
    const script = 'const done = arguments[2]; window.figures(arguments[0], arguments[1]).then((all) => done({ all }), (why) => done({ why: String(why) }));';
    // A page that is busy is not ended by the driver either.
    const late = setTimeoutPromise(PATIENCE_MS, { why: `nothing within ${PATIENCE_MS / 1000} s` }, { ref: false });
    const { all, why } = await Promise.race([ask('POST', `${session}/execute/async`, { script, args: [kind, nBars] }), late]);
    if (why) throw new Error(`${kind}, ${nBars} bars: ${why}`, { cause: 'answered' });
    return all;
  };
  const rows = [];
  const measure = async (kind, word, nBars) => {
    // Beside it in time: other programs make the same chart faster and slower.
    console.log(`${word}, ${nBars} bars`);
    const few = await figures('own', FEW);
    rows.push({ kind: word, few: share(few.frames, 0.5), fewChange: share(few.changes, 0.5), ...(await figures(kind, nBars)) });
  };
  for (const nBars of SIZES) await measure('own', 'Gatehouse', nBars);
  const tooMany = [];
  for (const nBars of SIZES) await measure('bare', 'library alone', nBars).catch((error) => tooMany.push(`The library alone did not show ${nBars} bars: ${error.message}`));
  const own = rows.filter((row) => row.kind === 'Gatehouse');
  // What stands for the backend here works in the page itself: `xtask bench history` has its time.
  const net = (row) => row.changes.map((change, i) => change - (row.making[i] ?? 0));
  console.table(rows.map((row) => ({
    chart: row.kind, bars: row.nBars, loaded: ms(row.loadMs), 'change p50': ms(share(net(row), 0.5)), 'change p95': ms(share(net(row), 0.95)), 'to 500 bars': (share(row.changes, 0.5) / row.fewChange).toFixed(2),
    'sample p50': row.making.length ? ms(share(row.making, 0.5)) : '', 'handing over': row.showing.length ? ms(share(row.showing, 0.5)) : '', 'frame p50': ms(share(row.frames, 0.5)), 'frame p99': ms(share(row.frames, 0.99)), 'to 500': (share(row.frames, 0.5) / row.few).toFixed(2),
    'held: change': row.bytes.length ? ms(row.heldMs.changing) : '', 'held: pan': row.bytes.length ? ms(row.heldMs.panning) : '', 'bytes at most': row.bytes.length ? Math.max(...row.bytes) : '',
  })));
  for (const line of tooMany) console.log(line);
  const isMet = (is) => (is ? 'met' : 'MISSED');
  console.log(`Columns of samples, with VWAP, Bollinger bands and RSI; ${isByHardware ? 'drawn through OpenGL' : 'no graphics processor: drawn without OpenGL, as the window does then'}. The changes are without the sample's own time.`);
  console.log(`View to painted within ${CHANGE_GOAL_MS} ms (p95): ${isMet(own.every((row) => share(net(row), 0.95) <= CHANGE_GOAL_MS))}`);
  console.log(`At most ${PAYLOAD_GOAL} bytes for a view: ${isMet(own.every((row) => Math.max(...row.bytes) <= PAYLOAD_GOAL))}`);
  console.log(`The picture before stays at most ${HELD_GOAL_MS} ms: ${isMet(own.every((row) => Math.max(row.heldMs.changing, row.heldMs.panning) <= HELD_GOAL_MS))}`);
  writeFileSync(join(dir, 'chart.json'), JSON.stringify(rows.map((row) => ({ ...row, engine: browser })), null, 1));
  // A page that is busy for ever ends with its browser.
  if (tooMany.length === 0) await ask('DELETE', session);
} catch (error) {
  failure = error;
} finally {
  process.kill(-driver.pid, 'SIGKILL');
  await pages.close();
}
if (failure) {
  console.error(`The chart could not be measured: ${failure.message}`);
  process.exit(1);
}
process.exit(0);
