/** Which rows of orders are shown: a tab, a filter, a symbol. Knows nothing of the page. */
import type { EntryRow, PositionRow, WorkingRow } from '../ipc';

export type Tab = 'working' | 'requests' | 'fills' | 'refused' | 'positions';

export interface Source {
  working: WorkingRow[];
  requests: EntryRow[];
  fills: EntryRow[];
  refused: EntryRow[];
  positions: PositionRow[];
}

export class BlotterRows {
  tab = $state<Tab>('working');
  filter = $state('');

  readonly isFiltered = $derived(this.filter.trim() !== '');
  readonly working = $derived.by(() => this.source().working.filter((row) => this.#has(row.bot, row.symbol, row.side, row.kind, row.tif, row.status_title, String(row.order_id))));
  readonly requests = $derived.by(() => this.#decided(this.source().requests));
  readonly fills = $derived.by(() => this.source().fills.filter((row) => this.#has(row.fill?.bot, row.fill?.symbol, row.fill?.side, row.summary)));
  readonly refused = $derived.by(() => this.#decided(this.source().refused));
  readonly positions = $derived.by(() => this.source().positions.filter((row) => this.#has(row.symbol, ...row.bots.map(([bot]) => bot))));

  constructor(private readonly source: () => Source) {}

  #decided(rows: EntryRow[]): EntryRow[] {
    return rows.filter((row) => this.#has(row.actor, row.subject, row.decision?.bot, row.decision?.side, row.outcome, row.summary, row.decision?.findings[0]?.rule));
  }

  /** Every word of the filter must be found somewhere in the row. */
  #has(...texts: (string | null | undefined)[]): boolean {
    const row = texts.join(' ').toLowerCase();
    return this.filter.toLowerCase().split(/\s+/).every((word) => row.includes(word));
  }
}
