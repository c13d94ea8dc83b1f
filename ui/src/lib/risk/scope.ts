/** Turns the words of a scope back into its name on the wire. */
import type { BotView } from '../ipc';

export function scopeName(bots: readonly BotView[], words: string): string {
  if (/^(account|bot:|symbol:)/.test(words)) return words;
  const bot = bots.find((b) => words === b.name || words.startsWith(`${b.name},`));
  return bot ? `bot:${bot.name}` : 'account';
}

export function scopeTitle(scope: string): string {
  return scope === 'account' ? 'Account' : scope.replace(/^(bot|symbol):/, '');
}
