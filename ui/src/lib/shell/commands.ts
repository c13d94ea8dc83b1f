/** What the command palette can find and do. None of it sends, approves or releases anything. */
import type { Appearance } from '../appearance.svelte';
import type { Desk, Place } from '../desk.svelte';
import type { IconName } from '../ui/icons';

export interface Command {
  id: string;
  icon: IconName;
  title: string;
  /** What it is about, such as `Chart` or `Bot`. */
  kind: string;
  keys?: string;
  run: () => void;
}

const SCREENS: [Place, string, string?][] = [
  ['home', 'Home', 'G H'],
  ['chart', 'Chart', 'G C'],
  ['orders', 'Orders', 'G O'],
  ['risk', 'Risk', 'G R'],
  ['audit', 'Audit', 'G A'],
  ['gateway', 'Gateway', 'G W'],
  ['settings', 'Settings'],
];

/** Rows that the list shows at most. */
const FOUND_MAX = 12;

export function commands(desk: Desk, looks: Appearance): Command[] {
  const bots = desk.status?.bots ?? [];
  return [
    ...SCREENS.map(([screen, title, keys]): Command => ({ id: `go-${screen}`, icon: screen, title, kind: 'Screen', ...(keys ? { keys } : {}), run: () => desk.go(screen) })),
    { id: 'ticket', icon: 'plus', title: 'Order ticket', kind: 'Command', keys: 'T', run: () => desk.askTicket() },
    { id: 'verify', icon: 'shield', title: 'Verify the chain now', kind: 'Command', run: () => { desk.go('audit'); void desk.verify().catch(() => undefined); } },
    { id: 'history', icon: 'replay', title: 'History of bars: kept, fetched, served', kind: 'Settings', run: () => desk.showSettings('history') },
    { id: 'map', icon: 'info', title: 'Keyboard map', kind: 'Command', keys: '?', run: () => (desk.overlay = 'map') },
    { id: 'states', icon: 'info', title: 'States sheet', kind: 'Command', run: () => desk.go('states') },
    ...desk.symbols.map((symbol): Command => ({ id: `chart-${symbol}`, icon: 'chart', title: symbol, kind: 'Chart', run: () => desk.showChart(symbol) })),
    ...bots.map((bot): Command => ({ id: `limits-${bot.name}`, icon: 'risk', title: `Limits of ${bot.name}`, kind: 'Bot', run: () => desk.showLimits(`bot:${bot.name}`) })),
    { id: 'limits-account', icon: 'risk', title: 'Limits of the account', kind: 'Account', run: () => desk.showLimits('account') },
    ...looksOf(looks),
  ];
}

function looksOf(looks: Appearance): Command[] {
  const one = (id: string, title: string, run: () => void, keys?: string): Command => ({ id, icon: 'sun', title, kind: 'Look', run, ...(keys ? { keys } : {}) });
  return [
    one('theme-system', 'Theme of the system', () => looks.setTheme(null)),
    one('theme-dark', 'Dark theme', () => looks.setTheme('dark')),
    one('theme-light', 'Light theme', () => looks.setTheme('light')),
    one('theme-hc', 'High contrast theme', () => looks.setTheme('hc')),
    one('palette-default', 'Teal up, rose down', () => looks.setPalette('default')),
    one('palette-cvd', 'Blue up, orange down, for colour-blind eyes', () => looks.setPalette('cvd')),
    one('palette-east', 'Red up, green down, as in East Asia', () => looks.setPalette('east')),
    one('scale-up', 'Larger text', () => looks.stepScale(1), 'Ctrl +'),
    one('scale-down', 'Smaller text', () => looks.stepScale(-1), 'Ctrl −'),
    one('scale-100', 'Usual text size', () => looks.setScale(100), 'Ctrl 0'),
  ];
}

/** Returns what fits every word, titles that begin with the first word before others. */
export function found(all: readonly Command[], typed: string, showEntry: (seq: number) => void): Command[] {
  const query = typed.trim().toLowerCase();
  const number = query.replace(/^entry\s+/, '').replace(/[\s\u202f]/g, '');
  const entry: Command[] = /^\d+$/.test(number) ? [{ id: 'entry', icon: 'audit', title: `Entry ${number}`, kind: 'Audit', run: () => showEntry(Number(number)) }] : [];
  const words = query.split(/\s+/).filter((word) => word !== '');
  const fits = all.filter((command) => words.every((word) => `${command.kind} ${command.title}`.toLowerCase().includes(word)));
  const rank = (command: Command): number => (command.title.toLowerCase().startsWith(words[0] ?? '') ? 0 : 1);
  return [...entry, ...fits.sort((a, b) => rank(a) - rank(b))].slice(0, FOUND_MAX);
}
