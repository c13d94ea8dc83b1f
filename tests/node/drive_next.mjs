// The day on IBApiNext of @stoqey/ib: promises and observables.

import { BarSizeSetting, ConnectionState, IBApiNext, IBApiTickType, LogLevel, WhatToShow } from '@stoqey/ib';
import { filter, firstValueFrom, from, lastValueFrom, map, merge, timeout, timer } from 'rxjs';

import * as day from './day.mjs';
import { limit, price } from './day.mjs';

/** How often, in milliseconds, lists are asked for: this interface pushes no order's status. */
const ASK_EVERY = 50;


class Bot {
  constructor(address, symbol) {
    this.address = address;
    this.contract = { symbol, secType: 'STK', exchange: 'SMART', currency: 'USD' };
    this.pace = new day.Pace();
  }

  /** Returns the first value that is not undefined. */
  first(observable, what) {
    const seen = observable.pipe(filter((value) => value !== undefined), timeout(day.PATIENCE));
    return firstValueFrom(seen).catch((error) => {
      throw new Error(`unseen: ${what} (${error}); errors: ${JSON.stringify(this.errors)}`);
    });
  }

  /** Asks again until the answer is wanted. */
  async until(ask, isWanted, what) {
    const deadline = performance.now() + day.PATIENCE;
    for (;;) {
      const answer = await ask();
      if (isWanted(answer)) return answer;
      if (performance.now() > deadline) {
        throw new Error(`unseen: ${what}; errors: ${JSON.stringify(this.errors)}; ${JSON.stringify(answer)}`);
      }
      await firstValueFrom(timer(ASK_EVERY));
    }
  }

  async dial() {
    this.errors = [];
    // What concerns no request is told to the logger alone, from this level on.
    const info = (_, text) => / - Code: /.test(text) && this.errors.push({ id: -1, text });
    const logger = { debug() {}, info, warn() {}, error() {} };
    this.api = new IBApiNext({ ...this.address, reconnectInterval: 0, logger });
    this.api.logLevel = LogLevel.INFO;
    this.api.error.subscribe(({ error, code, reqId }) => this.errors.push({ id: reqId, text: `${code} ${error.message}` }));
    const isUp = this.first(this.turned(ConnectionState.Connected), 'a connection');
    this.api.connect(this.address.clientId);
    await isUp;
    const end = this.turned(ConnectionState.Disconnected).pipe(map((so) => so && 'none'));
    const nextId = await this.first(merge(from(this.api.getNextValidOrderId()), end), 'a next id');
    if (nextId === 'none') throw new Error(`no next valid id; errors: ${JSON.stringify(this.errors)}`);
    this.nextId = nextId;
  }

  /** Emits when the connection is in the state; undefined otherwise. */
  turned(wanted) {
    return this.api.connectionState.pipe(map((state) => (state === wanted ? 'so' : undefined)));
  }

  async send(order, id = this.nextId++) {
    await this.pace.take();
    this.api.placeOrder(id, this.contract, order);
    return id;
  }

  told(id) {
    return this.errors.filter((error) => error.id === id).map((error) => error.text);
  }

  async hears(id, code) {
    const isIt = (text) => text.startsWith(`${code} `);
    const told = await this.until(async () => this.told(id), (texts) => texts.some(isIt), `error ${code}`);
    return told.find(isIt);
  }

  async openOrder(id) {
    const { all } = await lastValueFrom(this.api.getOpenOrders());
    return all.find((open) => open.orderId === id);
  }

  /** Waits until the order is listed with one of the statuses, and returns it. */
  async works(id, quantity, ...statuses) {
    const isWorking = (open) =>
      this.told(id).some((text) => text.startsWith('201 ')) ||
      (statuses.includes(open?.orderStatus?.status) && open.order.totalQuantity === quantity);
    const open = await this.until(() => this.openOrder(id), isWorking, `order ${id}, ${statuses}`);
    if (!open) throw new Error(`an open order, but ${this.told(id)}`);
    return open;
  }

  async cancels(id, others = []) {
    this.api.cancelOrder(id);
    for (const order of [id, ...others]) {
      await this.until(() => this.openOrder(order), (open) => open === undefined, `the end of order ${order}`);
    }
    return this.hears(id, 202);
  }

  async connect() {
    await this.dial();
    // The interface does not tell the version; its inner IBApi does.
    return `server version ${this.api.api.serverVersion}`;
  }

  async details() {
    const [details] = await this.api.getContractDetails(this.contract);
    this.contract = details.contract;
    return `conId ${this.contract.conId}`;
  }

  async history() {
    const bars = await this.api.getHistoricalData(
      this.contract, '', '1 D', BarSizeSetting.MINUTES_FIVE, WhatToShow.TRADES, 1, 1);
    if (bars.length === 0 || bars.some((bar) => bar.high < bar.low)) throw new Error('no sound bars');
    return `${bars.length} bars`;
  }

  async quotes() {
    const asks = this.api
      .getMarketData(this.contract, '', false, false)
      .pipe(map(({ all }) => all.get(IBApiTickType.ASK)?.value));
    this.ask = await this.first(asks, 'an ask');
    return `ask ${this.ask}`;
  }

  async place() {
    const { quantity, share } = day.RESTING;
    this.resting = await this.send(limit('BUY', quantity, price(this.ask, share), { tif: 'GTC' }));
    const open = await this.works(this.resting, quantity, 'Submitted');
    return open.orderStatus.status;
  }

  async refusedModify() {
    const { quantity, share } = day.RESTING;
    // A list that is being asked for must not end with the error either.
    const listed = lastValueFrom(this.api.getOpenOrders());
    await this.pace.take();
    const larger = limit('BUY', day.TOO_LARGE, price(this.ask, share), { tif: 'GTC' });
    this.api.modifyOrder(this.resting, this.contract, larger);
    const told = await this.hears(this.resting, 399);
    await listed;
    const open = await this.works(this.resting, quantity, 'Submitted');
    return `${told}; then listed as ${open.orderStatus.status} for ${open.order.totalQuantity}`;
  }

  async modify() {
    const { quantity, share } = day.CHANGED;
    await this.pace.take();
    const smaller = limit('BUY', quantity, price(this.ask, share), { tif: 'GTC' });
    this.api.modifyOrder(this.resting, this.contract, smaller);
    const open = await this.works(this.resting, quantity, 'Submitted');
    return `remaining ${open.orderStatus.remaining}`;
  }

  async cancel() {
    return this.cancels(this.resting);
  }

  async refused() {
    return this.hears(await this.send(limit('BUY', day.TOO_LARGE, price(this.ask, 1))), 201);
  }

  async fill() {
    const { quantity, share } = day.FILLING;
    const id = await this.send(limit('BUY', quantity, price(this.ask, share)));
    const asked = { clientId: String(this.address.clientId) };
    const executions = await this.until(
      async () => (await this.api.getExecutionDetails(asked)).filter(({ execution }) => execution.orderId === id),
      (fills) => fills.reduce((sum, { execution }) => sum + execution.shares, 0) === quantity,
      'executions',
    );
    const reports = await this.api.getCommissionReport(asked);
    const isReported = ({ execution }) => reports.some((report) => report.execId === execution.execId);
    if (!executions.every(isReported)) throw new Error(`commissions, but ${JSON.stringify(reports)}`);
    return `${quantity} at ${executions.at(-1).execution.avgPrice}`;
  }

  async positions() {
    const held = await this.first(
      this.api.getPositions().pipe(map(({ all }) => [...all.values()].flat().find(({ contract }) => contract.conId === this.contract.conId))),
      'the position',
    );
    if (held.pos !== day.FILLING.quantity || !(held.avgCost > 0)) throw new Error(`the shares, but ${JSON.stringify(held)}`);
    return `${held.pos} at ${held.avgCost}`;
  }

  async executions() {
    const asked = { symbol: this.contract.symbol, secType: 'STK' };
    const fills = await this.api.getExecutionDetails({ ...asked, side: 'BUY' });
    const shares = fills.reduce((sum, { execution }) => sum + execution.shares, 0);
    if (shares !== day.FILLING.quantity) throw new Error(`the shares, but ${JSON.stringify(fills)}`);
    const others = await this.api.getExecutionDetails({ ...asked, side: 'SELL' });
    if (others.length > 0) throw new Error(`no sales, but ${JSON.stringify(others)}`);
    return `${fills.length} executions`;
  }

  async account() {
    const [name] = await this.api.getManagedAccounts();
    const worth = ({ all }, values) => {
      const tags = (values ?? all)?.get(name);
      const isWhole = day.WORTH.every((tag) => [...(tags?.get(tag)?.values() ?? [])].some(({ value }) => Number(value) > 0));
      return isWhole ? tags : undefined;
    };
    const summary = await this.first(this.api.getAccountSummary('All', day.WORTH.join(',')).pipe(map((said) => worth(said))), 'the summary');
    const held = await this.first(
      this.api.getAccountUpdates(name).pipe(
        map(({ all }) => {
          const held = all.portfolio?.get(name)?.find(({ contract }) => contract.conId === this.contract.conId);
          return worth({}, all.value) && held;
        }),
      ),
      'the account',
    );
    if (held.pos !== day.FILLING.quantity || !(held.marketPrice > 0)) throw new Error(`the shares, but ${JSON.stringify(held)}`);
    return `${summary.size} values, ${held.pos} shares at ${held.marketPrice}`;
  }

  async pnl() {
    const [name] = await this.api.getManagedAccounts();
    const isSaid = (pnl) => (Number.isFinite(pnl.dailyPnL) ? pnl : undefined);
    const total = await this.first(this.api.getPnL(name).pipe(map(isSaid)), 'the account');
    const single = await this.first(this.api.getPnLSingle(name, '', this.contract.conId).pipe(map(isSaid)), 'the position');
    if (single.position !== day.FILLING.quantity || !(single.marketValue > 0)) throw new Error(`the shares, but ${JSON.stringify(single)}`);
    return `${total.dailyPnL}, of it ${single.dailyPnL} for ${single.position} shares`;
  }

  async sendBracket(stopQuantity) {
    const { quantity, entry, profit, loss } = day.BRACKET;
    const at = (share) => price(this.ask, share);
    const parentId = await this.send(limit('BUY', quantity, at(entry), { transmit: false }));
    const stop = { ...limit('SELL', stopQuantity, undefined, { parentId }), orderType: 'STP', auxPrice: at(loss) };
    const takeProfit = await this.send(limit('SELL', quantity, at(profit), { parentId, transmit: false }));
    return [parentId, takeProfit, await this.send(stop)];
  }

  async bracket() {
    const { quantity } = day.BRACKET;
    const [parentId, ...children] = await this.sendBracket(quantity);
    const statuses = [];
    for (const id of [parentId, ...children]) {
      statuses.push((await this.works(id, quantity, ...day.WORKING)).orderStatus.status);
    }
    await this.cancels(parentId, children);
    return `${statuses}, and cancelled together`;
  }

  async refusedBracket() {
    const [parent, takeProfit, stop] = await this.sendBracket(day.TOO_LARGE);
    for (const id of [parent, takeProfit]) await this.hears(id, 202);
    return this.hears(stop, 201);
  }

  async reconnect() {
    const { quantity, share } = day.LEFT_OPEN;
    const left = await this.send(limit('BUY', quantity, price(this.ask, share), { tif: 'GTC' }));
    await this.works(left, quantity, 'Submitted');
    await this.leave();
    await this.dial();
    await this.works(left, quantity, 'Submitted');
    await this.cancels(left);
    return `order ${left} found open, and cancelled`;
  }

  async leave() {
    const isOver = this.first(this.turned(ConnectionState.Disconnected), 'the end of the connection');
    this.api.disconnect();
    await isOver;
  }
}

await day.run((address, symbol) => new Bot(address, symbol));
