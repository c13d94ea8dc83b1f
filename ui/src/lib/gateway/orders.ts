/** What a stop or a restart of the Gateway means for orders, as sentences. */
import type { GatewaySettings, Status } from '../ipc';

export type Act = 'restart' | 'stop' | 'reconnect';

const n = (count: number, one: string, many: string): string => `${count} ${count === 1 ? one : many}`;

export interface Consequence {
  icon: 'refused' | 'orders' | 'shield' | 'plug' | 'clock' | 'key';
  text: string;
}

/** Returns what happens, heaviest first. */
export function consequences(act: Act, status: Status, settings: GatewaySettings): Consequence[] {
  const isSimulator = settings.source === 'simulator';
  const nWorking = status.working.length;
  const nConnected = status.bots.filter((bot) => bot.is_connected).length;
  const nBare = status.positions.filter((row) => !row.is_protected && row.held !== '0').length;
  const said: Consequence[] = [{ icon: 'refused', text: act === 'stop' ? 'Every new order is refused until you start it again, exits too.' : 'Every new order is refused until it is ready again, exits too.' }];
  if (isSimulator) said.push({ icon: 'orders', text: nWorking === 0 ? 'The simulator begins afresh: its fills and positions are gone.' : `The simulator begins afresh: ${n(nWorking, 'working order', 'working orders')} and its positions are gone.` });
  else if (nWorking > 0) said.push({ icon: 'orders', text: `${n(nWorking, 'working order stays', 'working orders stay')} at the broker and may fill meanwhile. Cancel first what must not fill.` });
  else said.push({ icon: 'orders', text: 'No order works at the broker.' });
  if (!isSimulator && nBare > 0) said.push({ icon: 'shield', text: `${n(nBare, 'position has', 'positions have')} no stop order at the broker while Gatehouse cannot act.` });
  if (nConnected > 0) said.push({ icon: 'plug', text: `${n(nConnected, 'bot is', 'bots are')} disconnected and ${nConnected === 1 ? 'has' : 'have'} to come back.` });
  if (act === 'restart') said.push({ icon: 'clock', text: isSimulator ? 'It takes about a second.' : 'It usually takes less than a minute.' });
  if (settings.source === 'launched') said.push({ icon: 'key', text: act === 'restart' ? 'The login is kept where the Gateway still holds its token; otherwise have your phone ready.' : 'Starting it again needs a full login with your phone.' });
  return said;
}
