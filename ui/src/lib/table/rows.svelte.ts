/** What a table shows of its rows: their order, the columns, the part in the window. Knows no page. */

export interface Column<Row> {
  id: string;
  title: string;
  /** In pixels at 100 %; absent takes what is left. */
  width?: number;
  isNumber?: boolean;
  /** The title is read aloud only. */
  isQuiet?: boolean;
  /** What the column is sorted by; absent cannot be sorted. */
  sortBy?: (row: Row) => string | number | null;
  /** Shown only when a person chose it. */
  isExtra?: boolean;
}

export interface Shown {
  from: number;
  to: number;
}

/** Rows drawn above and below the window, so that a quick scroll does not show a gap. */
const AROUND = 8;

/** Returns which rows a window of fixed-height rows shows, with some before and after. */
export function visible(scrollTop: number, height: number, rowHeight: number, n: number): Shown {
  const from = Math.max(0, Math.floor(scrollTop / rowHeight) - AROUND);
  return { from: Math.min(from, n), to: Math.min(n, Math.ceil((scrollTop + height) / rowHeight) + AROUND) };
}

/** Returns where a key leads from a row, or null when it is no such key. */
export function step(key: string, at: number, n: number): number | null {
  const page = 10;
  const steps: Record<string, number> = { ArrowDown: at + 1, ArrowUp: at - 1, PageDown: at + page, PageUp: at - page, Home: 0, End: n - 1 };
  const to = steps[key];
  return to === undefined ? null : Math.max(0, Math.min(n - 1, to));
}

/** The columns that are shown, and the one that sorts. */
export class TableView<Row> {
  sortId = $state<string | null>(null);
  isDescending = $state(false);
  #hidden = $state.raw<ReadonlySet<string>>(new Set());

  readonly shown = $derived.by(() => this.columns.filter((column) => !this.#hidden.has(column.id)));

  /** `store` keeps the choice of columns under `name`. */
  constructor(
    readonly columns: Column<Row>[],
    private readonly name: string | null = null,
    private readonly store: Pick<Storage, 'getItem' | 'setItem'> | null = null,
  ) {
    const kept = name === null ? null : (store?.getItem(`columns:${name}`) ?? null);
    const standard = columns.filter((column) => column.isExtra).map((column) => column.id);
    this.#hidden = new Set(kept === null ? standard : kept.split(' '));
  }

  isShown(id: string): boolean {
    return !this.#hidden.has(id);
  }

  toggleColumn(id: string): void {
    const hidden = new Set(this.#hidden);
    if (!hidden.delete(id)) hidden.add(id);
    if (hidden.size === this.columns.length) return;
    this.#hidden = hidden;
    if (this.name !== null) this.store?.setItem(`columns:${this.name}`, [...hidden].join(' '));
  }

  /** Rising, falling, then as the rows came. */
  sort(id: string): void {
    if (this.sortId !== id) [this.sortId, this.isDescending] = [id, false];
    else if (!this.isDescending) this.isDescending = true;
    else [this.sortId, this.isDescending] = [null, false];
  }

  sorted(rows: readonly Row[]): readonly Row[] {
    const by = this.columns.find((column) => column.id === this.sortId)?.sortBy;
    if (!by) return rows;
    const turn = this.isDescending ? -1 : 1;
    return rows.toSorted((a, b) => turn * compare(by(a), by(b)));
  }

  ariaSort(id: string): 'ascending' | 'descending' | 'none' {
    if (this.sortId !== id) return 'none';
    return this.isDescending ? 'descending' : 'ascending';
  }
}

/** What is absent comes last among the rising. */
function compare(a: string | number | null, b: string | number | null): number {
  if (a === null || b === null) return a === b ? 0 : a === null ? 1 : -1;
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  return String(a).localeCompare(String(b), 'en', { numeric: true });
}
