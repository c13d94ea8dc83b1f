/** The theme's colours, as drawings on a canvas need them. */
import type { CloudColours } from './clouds';
import type { LineColours } from './lines';
import type { Colours } from './marks';
import type { ShadeColours } from './sessions';

/** Returns the value of a token at a node. */
export function token(node: Element, name: string): string {
  return getComputedStyle(node).getPropertyValue(name).trim() || '#888888';
}

export function font(node: Element): string {
  return getComputedStyle(node).fontFamily;
}

export function markColours(node: Element): Colours {
  return { buy: token(node, '--buy'), sell: token(node, '--sell'), refuse: token(node, '--refuse'), glow: token(node, '--refuse-soft'), pane: token(node, '--bg-pane'), font: font(node) };
}

function lineColours(node: Element): LineColours {
  return { buy: token(node, '--buy'), sell: token(node, '--sell'), stop: token(node, '--os-dead'), pane: token(node, '--bg-pane'), font: font(node) };
}

export function shadeColours(node: Element): ShadeColours {
  return { fill: token(node, '--session-ext'), text: token(node, '--text-3'), pane: token(node, '--bg-pane'), font: font(node) };
}

export function cloudColours(node: Element): CloudColours {
  return { up: token(node, '--up-soft'), down: token(node, '--down-soft') };
}

export interface CandleColours {
  up: string;
  down: string;
  upSoft: string;
  downSoft: string;
  lines: LineColours;
}

export function candleColours(node: Element): CandleColours {
  return { up: token(node, '--up'), down: token(node, '--down'), upSoft: token(node, '--up-soft'), downSoft: token(node, '--down-soft'), lines: lineColours(node) };
}
