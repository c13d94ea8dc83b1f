// A bot's day in sixteen actions, told the same way by every Node client (see ../python/day.py).
//
// Usage: node drive_X.mjs HOST PORT CLIENT_ID MAX_VERSION SYMBOL ACTION… (MAX_VERSION 0: its own).

import { createRequire } from 'node:module';
import { setTimeout as pause } from 'node:timers/promises';

/** Longest wait, in milliseconds, for anything that the other side has to do. */
export const PATIENCE = 15_000;

/** Quantities, and prices as a share of the ask; far below it an order rests. */
export const RESTING = { quantity: 5, share: 0.9 };
export const CHANGED = { quantity: 4, share: 0.89 };
export const FILLING = { quantity: 2, share: 1.005 };
export const BRACKET = { quantity: 3, entry: 0.91, profit: 1.05, loss: 0.85 };
export const LEFT_OPEN = { quantity: 6, share: 0.92 };
export const TOO_LARGE = 50_000;

/** What an account must be able to say of itself, and more than nothing of each. */
export const WORTH = ['NetLiquidation', 'BuyingPower', 'AvailableFunds'];

export const WORKING = ['PreSubmitted', 'Submitted'];

/** A careful bot's own bound on orders, with room for a machine that delays some of them. */
const ORDERS = 4;
const WINDOW = 1_500;

export const price = (ask, share) => Math.round(ask * share * 100) / 100;

export function limit(action, quantity, lmtPrice, more = {}) {
  return { action, orderType: 'LMT', totalQuantity: quantity, lmtPrice, tif: 'DAY', transmit: true, ...more };
}

/** Holds a bot to its own bound on orders. */
export class Pace {
  #sent = [];

  async take() {
    this.#sent = this.#sent.filter((at) => performance.now() - at < WINDOW);
    if (this.#sent.length >= ORDERS) {
      await pause(WINDOW - (performance.now() - this.#sent[0]));
    }
    this.#sent.push(performance.now());
  }
}

/** Lets the library offer no more than a server version. It has no setting for that. */
function offerAtMost(version) {
  createRequire(import.meta.url)('@stoqey/ib/dist/api/api.js').MAX_SUPPORTED_SERVER_VERSION = version;
}

export async function run(makeBot) {
  const [host, port, clientId, maxVersion, symbol, ...actions] = process.argv.slice(2);
  if (Number(maxVersion) > 0) offerAtMost(Number(maxVersion));
  const bot = makeBot({ host, port: Number(port), clientId: Number(clientId) }, symbol);
  for (const action of actions) {
    let saw;
    let ok = true;
    try {
      saw = await bot[action.replace(/-(.)/, (_, letter) => letter.toUpperCase())]();
    } catch (error) {
      [saw, ok] = [String(error?.error ?? error), false];
    }
    console.log(JSON.stringify({ action, ok, saw: String(saw) }));
  }
  await bot.leave();
  process.exit(0);
}
