// @stoqey/ib: the time from its first tick to the sentinel, or orders as fast as it writes them.

import { createRequire } from 'node:module';

const require = createRequire(`${process.env.GATEHOUSE_NODE}/package.json`);
const { EventName, IBApi } = require('@stoqey/ib');
const [job, port, count] = process.argv.slice(2);
const api = new IBApi({ host: '127.0.0.1', port: Number(port), clientId: 1, maxReqPerSec: 1e9 });
const contract = { conId: 756733, symbol: 'SPY', secType: 'STK', exchange: 'SMART', currency: 'USD' };
const order = { action: 'BUY', totalQuantity: 10, orderType: 'LMT', lmtPrice: 660, transmit: true };
let began;

const note = () => (began ??= process.hrtime.bigint());
api.on(EventName.nextValidId, () => {
  if (job === 'ticks') api.reqMktData(7, contract, '', false, false);
  else for (let id = 1; id <= Number(count); id += 1) api.placeOrder(id, contract, order);
});
api.on(EventName.tickSize, note);
api.on(EventName.tickPrice, (_, __, price) => {
  note();
  if (price !== 77777) return;
  console.log(String(process.hrtime.bigint() - began));
  process.exit(0);
});
api.connect();
