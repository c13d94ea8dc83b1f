/** Which rows of orders are shown: a tab, a filter, a symbol. Knows nothing of the page. */
import type { EntryRow, WorkingRow } from '../ipc';

export type Tab = 'working' | 'fills' | 'refused' | 'positions';

export interface Source {
  working: WorkingRow[];
  fills: EntryRow[];
  refused: EntryRow[];
}

export class BlotterRows {
  tab = $state<Tab>('working');
  filter = $state('');

  readonly working = $derived.by(() => this.source().working.filter((row) => this.#has(row.bot, row.symbol, row.side, row.kind, row.status_title, String(row.order_id))));
  readonly fills = $derived.by(() => this.source().fills.filter((row) => this.#has(row.fill?.bot, row.fill?.symbol, row.fill?.side, row.summary)));
  readonly refused = $derived.by(() => this.source().refused.filter((row) => this.#has(row.actor, row.subject, row.decision?.bot, row.decision?.side, row.summary, row.decision?.findings[0]?.rule)));

  constructor(private readonly source: () => Source) {}

  /** Every word of the filter must be found somewhere in the row. */
  #has(...texts: (string | null | undefined)[]): boolean {
    const row = texts.join(' ').toLowerCase();
    return this.filter.toLowerCase().split(/\s+/).every((word) => row.includes(word));
  }
}
