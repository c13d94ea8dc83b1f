// The day on IBApi of @stoqey/ib: events, and no books of its own.

import { EventName, IBApi } from '@stoqey/ib';

import * as day from './day.mjs';
import { limit, price } from './day.mjs';

const ASK = 2;

class Bot {
  constructor(address, symbol) {
    this.address = address;
    this.contract = { symbol, secType: 'STK', exchange: 'SMART', currency: 'USD' };
    this.pace = new day.Pace();
  }

  /** Waits until the condition holds, looking again with every event. */
  wait(condition, what) {
    return new Promise((resolve, reject) => {
      const look = () => {
        if (!condition()) return;
        clearTimeout(timer);
        this.api.off(EventName.all, look);
        resolve();
      };
      const timer = setTimeout(() => {
        this.api.off(EventName.all, look);
        reject(new Error(`unseen: ${what}; errors: ${JSON.stringify(this.errors)}`));
      }, day.PATIENCE);
      this.api.on(EventName.all, look);
      look();
    });
  }

  async dial() {
    Object.assign(this, { errors: [], openOrders: {}, statuses: {}, filled: [], commissions: [] });
    Object.assign(this, { accounts: [], held: {}, listed: {}, profits: {}, summary: {}, values: {}, portfolio: {} });
    Object.assign(this, { contracts: [], bars: [], ends: new Set(), nextId: undefined, isOver: false });
    this.api = new IBApi(this.address);
    this.api
      .on(EventName.server, (version) => (this.version = version))
      .on(EventName.nextValidId, (id) => (this.nextId = id))
      .on(EventName.error, (error, code, id) => this.errors.push({ id, text: `${code} ${error.message}` }))
      .on(EventName.info, (message, code) => this.errors.push({ id: -1, text: `${code} ${message}` }))
      .on(EventName.disconnected, () => (this.isOver = true))
      .on(EventName.contractDetails, (_, details) => this.contracts.push(details.contract))
      .on(EventName.contractDetailsEnd, () => this.ends.add('details'))
      .on(EventName.historicalData, (...bar) => this.onBar(bar))
      .on(EventName.tickPrice, (_, kind, value) => kind === ASK && (this.ask = value))
      .on(EventName.openOrder, (id, _, order) => (this.openOrders[id] ??= []).push(order.totalQuantity))
      .on(EventName.openOrderEnd, () => this.ends.add('open orders'))
      .on(EventName.orderStatus, (id, status, _, remaining) => (this.statuses[id] ??= []).push({ status, remaining }))
      .on(EventName.execDetails, (id, _, execution) => this.onExecution(id, execution))
      .on(EventName.execDetailsEnd, (id) => this.ends.add(`executions ${id}`))
      .on(EventName.managedAccounts, (names) => (this.accounts = names.split(',')))
      .on(EventName.position, (_, { conId }, position, averageCost) => (this.held[conId] = { position, averageCost }))
      .on(EventName.positionEnd, () => this.ends.add('positions'))
      .on(EventName.accountSummary, (_, __, tag, value) => (this.summary[tag] = value))
      .on(EventName.accountSummaryEnd, () => this.ends.add('summary'))
      .on(EventName.updateAccountValue, (tag, value, currency) => currency !== 'BASE' && (this.values[tag] = value))
      .on(EventName.updatePortfolio, ({ conId }, position, marketPrice) => (this.portfolio[conId] = { position, marketPrice }))
      .on(EventName.accountDownloadEnd, () => this.ends.add('account'))
      .on(EventName.pnl, (id, daily) => (this.profits[id] = { daily }))
      .on(EventName.pnlSingle, (id, position, daily, _, __, value) => (this.profits[id] = { position, daily, value }))
      .on(EventName.commissionReport, (report) => this.commissions.push(report.execId));
    this.api.connect();
    await this.wait(() => this.nextId !== undefined || this.isOver, 'an answer');
    if (this.nextId === undefined) throw new Error(`no next valid id; errors: ${JSON.stringify(this.errors)}`);
  }

  onBar([, time, open, high, low, close]) {
    if (time.startsWith('finished')) this.ends.add('history');
    else this.bars.push({ time, open, high, low, close });
  }

  onExecution(id, execution) {
    (id === -1 ? this.filled : (this.listed[id] ??= [])).push(execution);
  }

  async send(order, id = this.nextId++) {
    await this.pace.take();
    this.api.placeOrder(id, this.contract, order);
    return id;
  }

  status(id) {
    return this.statuses[id]?.at(-1)?.status;
  }

  told(id) {
    return this.errors.filter((error) => error.id === id).map((error) => error.text);
  }

  async awaitStatus(id, ...statuses) {
    const isRefused = () => this.told(id).some((text) => text.startsWith('201 '));
    await this.wait(() => statuses.includes(this.status(id)) || isRefused(), `${statuses} of order ${id}`);
    if (!statuses.includes(this.status(id))) throw new Error(`${statuses}; errors: ${JSON.stringify(this.errors.slice(-4))}`);
  }

  async connect() {
    await this.dial();
    return `server version ${this.version}`;
  }

  async details() {
    this.api.reqContractDetails(901, this.contract);
    await this.wait(() => this.ends.has('details'), 'the end of the details');
    [this.contract] = this.contracts;
    return `conId ${this.contract.conId}`;
  }

  async history() {
    this.api.reqHistoricalData(902, this.contract, '', '1 D', '5 mins', 'TRADES', 1, 1, false);
    await this.wait(() => this.ends.has('history'), 'the end of the bars');
    if (this.bars.length === 0 || this.bars.some((bar) => bar.high < bar.low)) throw new Error('no sound bars');
    return `${this.bars.length} bars`;
  }

  async quotes() {
    this.api.reqMktData(903, this.contract, '', false, false);
    await this.wait(() => this.ask > 0, 'an ask');
    this.seenAsk = this.ask;
    return `ask ${this.ask}`;
  }

  async place() {
    const { quantity, share } = day.RESTING;
    this.resting = await this.send(limit('BUY', quantity, price(this.seenAsk, share), { tif: 'GTC' }));
    await this.awaitStatus(this.resting, 'Submitted');
    return this.status(this.resting);
  }

  async refusedModify() {
    const { quantity, share } = day.RESTING;
    const id = this.resting;
    const [nOpens, nStatuses] = [this.openOrders[id].length, this.statuses[id].length];
    await this.send(limit('BUY', day.TOO_LARGE, price(this.seenAsk, share), { tif: 'GTC' }), id);
    await this.wait(() => this.told(id).some((text) => text.startsWith('399 ')), 'error 399');
    await this.wait(() => this.openOrders[id].length > nOpens, 'openOrder again');
    await this.wait(() => this.statuses[id].length > nStatuses, 'its status again');
    const now = { quantity: this.openOrders[id].at(-1), ...this.statuses[id].at(-1) };
    if (now.quantity !== quantity || now.status !== 'Submitted' || now.remaining !== quantity) {
      throw new Error(`the order as before, but ${JSON.stringify(now)}`);
    }
    return `${this.told(id)}; then openOrder for ${now.quantity} and ${now.status}`;
  }

  async modify() {
    const { quantity, share } = day.CHANGED;
    await this.send(limit('BUY', quantity, price(this.seenAsk, share), { tif: 'GTC' }), this.resting);
    await this.wait(() => this.statuses[this.resting].at(-1).remaining === quantity, 'the new quantity');
    await this.awaitStatus(this.resting, 'Submitted');
    return JSON.stringify(this.statuses[this.resting].at(-1));
  }

  async cancel() {
    this.api.cancelOrder(this.resting);
    await this.awaitStatus(this.resting, 'Cancelled');
    return this.status(this.resting);
  }

  async refused() {
    const id = await this.send(limit('BUY', day.TOO_LARGE, price(this.seenAsk, 1)));
    await this.wait(() => this.told(id).length > 0, "an error with the order's id");
    if (!this.told(id)[0].startsWith('201 ')) throw new Error(`error 201, but ${this.told(id)}`);
    return this.told(id);
  }

  async fill() {
    const { quantity, share } = day.FILLING;
    const id = await this.send(limit('BUY', quantity, price(this.seenAsk, share)));
    await this.awaitStatus(id, 'Filled');
    const fills = () => this.filled.filter((execution) => execution.orderId === id);
    const filled = () => fills().reduce((sum, execution) => sum + execution.shares, 0);
    await this.wait(() => filled() === quantity, 'executions');
    await this.wait(() => fills().every(({ execId }) => this.commissions.includes(execId)), 'commissions');
    return `${filled()} at ${fills().at(-1).avgPrice}`;
  }

  async positions() {
    this.api.reqPositions();
    await this.wait(() => this.ends.has('positions'), 'the end of the positions');
    this.api.cancelPositions();
    const { position, averageCost } = this.held[this.contract.conId] ?? {};
    if (position !== day.FILLING.quantity || !(averageCost > 0)) throw new Error(`the shares, but ${JSON.stringify(this.held)}`);
    return `${position} at ${averageCost}`;
  }

  async listExecutions(id, side) {
    this.api.reqExecutions(id, { symbol: this.contract.symbol, secType: 'STK', side });
    await this.wait(() => this.ends.has(`executions ${id}`), 'the end of the executions');
    return this.listed[id] ?? [];
  }

  async executions() {
    const fills = await this.listExecutions(904, 'BUY');
    const shares = fills.reduce((sum, fill) => sum + fill.shares, 0);
    if (shares !== day.FILLING.quantity) throw new Error(`the shares, but ${JSON.stringify(fills)}`);
    const others = await this.listExecutions(905, 'SELL');
    if (others.length > 0) throw new Error(`no sales, but ${JSON.stringify(others)}`);
    return `${fills.length} executions`;
  }

  async account() {
    const [name] = this.accounts;
    this.api.reqAccountSummary(906, 'All', day.WORTH.join(','));
    await this.wait(() => this.ends.has('summary'), 'the end of the summary');
    this.api.cancelAccountSummary(906);
    this.api.reqAccountUpdates(true, name);
    await this.wait(() => this.ends.has('account'), 'the end of the account');
    this.api.reqAccountUpdates(false, name);
    for (const lines of [this.summary, this.values]) {
      if (!day.WORTH.every((tag) => Number(lines[tag]) > 0)) throw new Error(`${day.WORTH}, but ${JSON.stringify(lines)}`);
    }
    const { position, marketPrice } = this.portfolio[this.contract.conId] ?? {};
    if (position !== day.FILLING.quantity || !(marketPrice > 0)) throw new Error(`the shares, but ${JSON.stringify(this.portfolio)}`);
    return `${Object.keys(this.values).length} values, worth ${this.values.NetLiquidation}`;
  }

  async pnl() {
    const [name] = this.accounts;
    this.api.reqPnL(907, name);
    this.api.reqPnLSingle(908, name, '', this.contract.conId);
    await this.wait(() => this.profits[907] && this.profits[908], 'both');
    this.api.cancelPnL(907);
    this.api.cancelPnLSingle(908);
    const { daily, position, value } = this.profits[908];
    const isSaid = Number.isFinite(this.profits[907].daily) && position === day.FILLING.quantity && value > 0;
    if (!isSaid) throw new Error(`the shares with a value, but ${JSON.stringify(this.profits)}`);
    return `${this.profits[907].daily}, of it ${daily} for ${position} shares`;
  }

  async sendBracket(stopQuantity) {
    const { quantity, entry, profit, loss } = day.BRACKET;
    const at = (share) => price(this.seenAsk, share);
    const parentId = await this.send(limit('BUY', quantity, at(entry), { transmit: false }));
    const stop = { ...limit('SELL', stopQuantity, undefined, { parentId }), orderType: 'STP', auxPrice: at(loss) };
    const takeProfit = await this.send(limit('SELL', quantity, at(profit), { parentId, transmit: false }));
    return [parentId, takeProfit, await this.send(stop)];
  }

  async bracket() {
    const family = await this.sendBracket(day.BRACKET.quantity);
    for (const id of family) await this.awaitStatus(id, ...day.WORKING);
    const statuses = family.map((id) => this.status(id));
    this.api.cancelOrder(family[0]);
    for (const id of family) await this.awaitStatus(id, 'Cancelled');
    return `${statuses}, and cancelled together`;
  }

  async refusedBracket() {
    const [parent, takeProfit, stop] = await this.sendBracket(day.TOO_LARGE);
    await this.wait(() => this.told(stop).some((text) => text.startsWith('201 ')), 'error 201');
    for (const id of [parent, takeProfit]) await this.awaitStatus(id, 'Cancelled');
    return this.told(stop);
  }

  async reconnect() {
    const { quantity, share } = day.LEFT_OPEN;
    const left = await this.send(limit('BUY', quantity, price(this.seenAsk, share), { tif: 'GTC' }));
    await this.awaitStatus(left, 'Submitted');
    await this.leave();
    await this.dial();
    this.api.reqOpenOrders();
    await this.wait(() => this.ends.has('open orders'), 'the end of the open orders');
    if (!this.openOrders[left]) throw new Error(`order ${left}, but ${Object.keys(this.openOrders)}`);
    this.api.cancelOrder(left);
    await this.awaitStatus(left, 'Cancelled');
    return `order ${left} found open, and cancelled`;
  }

  async leave() {
    const isOver = this.wait(() => !this.api.isConnected, 'the end of the connection');
    this.api.disconnect();
    await isOver;
  }
}

await day.run((address, symbol) => new Bot(address, symbol));
