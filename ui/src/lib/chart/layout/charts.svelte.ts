/** The charts of the layout that is shown: which one is active, what links them. */
import { untrack } from 'svelte';

import type { ChartBook } from '../book/book.svelte';
import type { Group, Panel } from '../book/document';
import type { Desk } from '../../desk.svelte';
import { replayOf, type Replay } from '../replay/replay.svelte';
import { ChartView } from '../view.svelte';
import { keptLook, settingsOf } from './look';

export const GROUP_WORDS: Record<Group, string> = { iris: 'Iris', teal: 'Teal', sand: 'Sand', pink: 'Pink' };

/** What a chart's symbol follows. */
export type Link = 'window' | 'free' | Group;

export class Charts {
  /** The id of the panel that ticket and blotter belong to. */
  activeId = $state('');
  /** What lies over the charts. */
  dialog = $state<'drawings' | 'layouts' | 'picture' | null>(null);

  /** The past day that is played; null shows the present. */
  replay = $state.raw<Replay | null>(null);

  readonly panels = $derived.by(() => this.book.layout.panels);
  readonly active = $derived.by(() => this.panels.find(({ id }) => id === this.activeId) ?? (this.panels[0] as Panel));
  readonly view = $derived.by(() => this.viewOf(this.active));
  /** What the charts show, the active one first. */
  readonly symbols = $derived.by(() => [this.view, ...this.panels.map((panel) => this.viewOf(panel))].flatMap(({ symbol }) => symbol ?? []));

  /** One view for each panel of each layout, made when it is first shown. */
  readonly #views = new Map<string, ChartView>();

  constructor(
    private readonly desk: Desk,
    private readonly book: ChartBook,
  ) {}

  /** Returns the view of a panel, dressed as the book says. */
  viewOf(panel: Panel): ChartView {
    const key = this.#key(this.book.layout.id, panel.id);
    const known = this.#views.get(key);
    if (known) return known;
    return untrack(() => {
      const view = standing(() => new ChartView(this.desk, settingsOf(panel.look, panel.symbol)));
      view.past = this.replay;
      this.#views.set(key, view);
      return view;
    });
  }

  activate(id: string): void {
    this.activeId = id;
  }

  /** The next chart, or the one before. */
  step(by: 1 | -1): void {
    const at = this.panels.indexOf(this.active);
    this.activeId = this.panels[(at + by + this.panels.length) % this.panels.length]?.id ?? this.activeId;
  }

  linkOf(panel: Panel): Link {
    return panel.group ?? (panel.symbol === null ? 'window' : 'free');
  }

  /** What is linked to a colour takes the symbol that the colour has, when it has one. */
  link(panel: Panel, to: Link): void {
    const view = this.viewOf(panel);
    const group = to === 'window' || to === 'free' ? null : to;
    const symbol = to === 'window' ? null : ((group && this.panels.find((one) => one.id !== panel.id && one.group === group)?.symbol) ?? view.symbol);
    this.book.setPanel(panel.id, { group, symbol });
    view.ownSymbol = symbol;
  }

  /** Shows a symbol on the active chart, and on what is linked to it. */
  select(symbol: string): void {
    const { active } = this;
    if (active.symbol === null) this.desk.select(symbol);
    for (const panel of this.panels) {
      const isMeant = panel.id === active.id || (active.group !== null && panel.group === active.group);
      if (!isMeant) continue;
      const view = this.viewOf(panel);
      view.select(symbol);
      if (active.symbol === null) continue;
      view.ownSymbol = symbol;
      this.book.setPanel(panel.id, { symbol });
    }
  }

  /** Adds a chart beside the others and makes it the active one. */
  add(): void {
    this.keepLooks();
    const id = this.book.addPanel(this.active);
    if (id !== null) this.activeId = id;
  }

  remove(id: string): void {
    this.#views.delete(this.#key(this.book.layout.id, id));
    this.book.removePanel(id);
  }

  /** Forgets what its charts look like, too: another layout may have its id later. */
  removeLayout(id: string): void {
    const panels = this.book.book.layouts.find((one) => one.id === id)?.panels ?? [];
    this.book.removeLayout(id);
    if (this.book.book.layouts.some((one) => one.id === id)) return;
    for (const panel of panels) this.#views.delete(this.#key(id, panel.id));
  }

  /** Shows another layout. */
  show(id: string): void {
    this.keepLooks();
    this.book.show(id);
    this.activeId = this.panels[0]?.id ?? '';
  }

  /** Returns whether the key was one of layouts. */
  press(event: Pick<KeyboardEvent, 'code' | 'altKey' | 'ctrlKey' | 'metaKey' | 'shiftKey'>): boolean {
    if (!event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return false;
    const layout = this.book.book.layouts[Number(/^Digit([1-9])$/.exec(event.code)?.[1] ?? 0) - 1];
    if (layout) this.show(layout.id);
    else if (event.code === 'KeyN') this.add();
    else if (event.code === 'KeyW' && this.panels.length > 1) this.remove(this.active.id);
    else return false;
    return true;
  }

  /** Puts what a chart looks like into the book. */
  keepLook(panel: Panel): void {
    const look = keptLook(this.viewOf(panel), panel.look);
    untrack(() => this.book.setPanel(panel.id, { look }));
  }

  keepLooks(): void {
    for (const panel of this.panels) this.keepLook(panel);
  }

  /** Plays a day, such as `2026-11-18`, on all charts; null goes back to the present. */
  replayDay(day: string | null): void {
    const replay = day === null ? null : replayOf(this.desk.backend, day);
    if (day !== null && replay === null) return;
    this.replay = replay;
    for (const view of this.#views.values()) view.travel(replay);
  }

  /** Shows on every other chart where the pointer is on one. Returns how to end it. */
  linkCrosshairs(): () => void {
    const charts = this.panels.flatMap((panel) => this.viewOf(panel).chart ?? []);
    const off = charts.map((chart) => chart.onpoint((at) => {
      for (const other of charts) if (other !== chart) other.pointAt(at?.time ?? null);
    }));
    return () => off.forEach((end) => end());
  }

  /** A book that was read in the place of another has views of its own. */
  #key(layout: string, panel: string): string {
    return `${this.book.nOpened} ${layout} ${panel}`;
  }
}

/** Makes something in a root of its own: what it derives would stand still once the place on the screen that asked for it first is gone. */
function standing<T>(make: () => T): T {
  const made: T[] = [];
  $effect.root(() => void made.push(make()));
  return made[0] as T;
}
