/** The drawings of every symbol, the tool in hand, what is selected, and what can be undone. */
import { DRAWINGS_MAX, nextId, WORDS, type Anchor, type Colour, type Drawing, type Kind } from './model';

/** Where drawings are kept; the same for every chart. */
export interface Shelf {
  drawings(symbol: string): readonly Drawing[];
  put(symbol: string, drawings: readonly Drawing[]): void;
}

/** One drawing: ids are told apart by their symbol only. */
export interface Chosen {
  symbol: string;
  id: string;
}

interface Step {
  symbol: string;
  before: readonly Drawing[];
  after: readonly Drawing[];
}

/** Steps that can be undone at most. */
const STEPS_MAX = 200;

export class Board {
  /** Whether the tools are shown. */
  isOpen = $state(false);
  tool = $state<Kind | null>(null);
  colour = $state<Colour>('accent');
  selected = $state.raw<Chosen | null>(null);
  /** The anchor that keys move; the whole drawing when null. */
  handle = $state<number | null>(null);
  /** What is being placed or moved, and of which symbol; not kept yet. */
  held = $state.raw<{ symbol: string; drawing: Drawing; isNew: boolean } | null>(null);
  /** The text that is being written. */
  writing = $state.raw<Chosen | null>(null);

  #past = $state.raw<readonly Step[]>([]);
  #future = $state.raw<readonly Step[]>([]);
  constructor(
    private readonly shelf: Shelf,
    /** Tells the person. */
    private readonly say: (sentence: string) => void = () => undefined,
  ) {}

  /** The drawings of a symbol as they are shown: what is held stands in its place. */
  shown(symbol: string): readonly Drawing[] {
    const kept = this.shelf.drawings(symbol);
    const held = this.held?.symbol === symbol ? this.held : null;
    if (!held) return kept;
    return held.isNew ? [...kept, held.drawing] : kept.map((one) => (one.id === held.drawing.id ? held.drawing : one));
  }

  /** Returns the selected drawing, when it is one of this symbol. */
  find(symbol: string): Drawing | null {
    return this.selected?.symbol === symbol ? this.#drawing(this.selected) : null;
  }

  /** Returns the id of what has handles on charts of this symbol. */
  selectedIn(symbol: string): string | null {
    const held = this.held?.symbol === symbol ? this.held.drawing.id : null;
    return held ?? this.find(symbol)?.id ?? null;
  }

  /** Returns the text that is being written, when it is one of this symbol. */
  written(symbol: string): Drawing | null {
    return this.writing?.symbol === symbol ? this.#drawing(this.writing) : null;
  }

  /** Takes a tool in hand, or puts it down when it is the one. */
  take(kind: Kind | null): void {
    this.tool = this.tool === kind ? null : kind;
    this.held = null;
    if (this.tool) {
      this.isOpen = true;
      this.letGo();
    }
  }

  select(symbol: string, id: string): void {
    this.letGo();
    this.selected = { symbol, id };
  }

  letGo(): void {
    this.selected = null;
    this.handle = null;
    this.writing = null;
  }

  /** Begins a drawing with all of its anchors at one place. Without a place left for it, says so. */
  begin(symbol: string, kind: Kind, anchor: Anchor): void {
    if (this.shelf.drawings(symbol).length >= DRAWINGS_MAX) {
      this.tool = this.held = null;
      this.say(`${symbol} has ${DRAWINGS_MAX} drawings, which are the most. Delete one first.`);
      return;
    }
    const anchors = Array.from({ length: WORDS[kind].nAnchors }, () => anchor);
    this.held = { symbol, isNew: true, drawing: { id: nextId(this.shelf.drawings(symbol)), kind, anchors, colour: this.colour, text: '', isLocked: false } };
  }

  hold(symbol: string, drawing: Drawing): void {
    this.held = { symbol, drawing, isNew: this.held?.isNew ?? false };
  }

  /** Keeps what is held and puts the tool down. */
  keep(): void {
    const held = this.held;
    this.held = null;
    if (!held) return;
    const kept = this.shelf.drawings(held.symbol);
    const same = kept.find((one) => one.id === held.drawing.id);
    if (!held.isNew && (!same || JSON.stringify(same) === JSON.stringify(held.drawing))) return;
    this.change(held.symbol, held.isNew ? [...kept, held.drawing] : kept.map((one) => (one.id === held.drawing.id ? held.drawing : one)));
    this.tool = null;
    const { id, kind } = held.drawing;
    if (this.find(held.symbol)?.id !== id) this.select(held.symbol, id);
    if (held.isNew && kind === 'text') this.writing = { symbol: held.symbol, id };
  }

  /** Changes one drawing that is kept. */
  edit(symbol: string, id: string, change: Partial<Omit<Drawing, 'id' | 'kind'>>): void {
    const kept = this.shelf.drawings(symbol);
    const old = kept.find((one) => one.id === id);
    if (!old || (old.isLocked && change.isLocked === undefined)) return;
    this.change(symbol, kept.map((one) => (one.id === id ? { ...one, ...change } : one)));
  }

  /** Removes the selected drawing, unless it is locked. */
  remove(symbol: string): boolean {
    const old = this.find(symbol);
    if (!old || old.isLocked) return false;
    this.change(symbol, this.shelf.drawings(symbol).filter((one) => one !== old));
    this.letGo();
    return true;
  }

  /** The next anchor of the selected drawing, and after the last one the whole of it. */
  nextHandle(symbol: string): void {
    const n = this.find(symbol)?.anchors.length ?? 0;
    this.handle = this.handle === null ? (n > 0 ? 0 : null) : this.handle + 1 < n ? this.handle + 1 : null;
  }

  /** Steps out by one: what is held, the tool, the selection. Returns whether there was something. */
  leave(): boolean {
    if (this.held) this.held = null;
    else if (this.tool) this.tool = null;
    else if (this.selected) this.letGo();
    else return false;
    return true;
  }

  /** Other drawings came in the place of those that steps tell of: nothing can be undone. */
  forget(): void {
    this.#past = this.#future = [];
    this.held = null;
    this.letGo();
  }

  canUndo(symbol: string): boolean {
    return this.held?.symbol === symbol || this.#past.some((step) => step.symbol === symbol);
  }

  canRedo(symbol: string): boolean {
    return this.#future.some((step) => step.symbol === symbol);
  }

  /** Takes back the newest step of a symbol, or what is held of it. Returns whether there was one. */
  undo(symbol: string): boolean {
    if (this.held?.symbol === symbol) {
      this.held = null;
      return true;
    }
    const step = this.#past.findLast((one) => one.symbol === symbol);
    if (!step) return false;
    this.#past = this.#past.filter((one) => one !== step);
    this.#future = [...this.#future, step];
    this.#put(symbol, step.before);
    return true;
  }

  redo(symbol: string): boolean {
    const step = this.#future.findLast((one) => one.symbol === symbol);
    if (!step) return false;
    this.held = null;
    this.#future = this.#future.filter((one) => one !== step);
    this.#past = [...this.#past, step];
    this.#put(symbol, step.after);
    return true;
  }

  change(symbol: string, after: readonly Drawing[]): void {
    this.#past = [...this.#past, { symbol, before: this.shelf.drawings(symbol), after }].slice(-STEPS_MAX);
    this.#future = this.#future.filter((step) => step.symbol !== symbol);
    this.#put(symbol, after);
  }

  #put(symbol: string, drawings: readonly Drawing[]): void {
    this.shelf.put(symbol, drawings);
    if (this.selected?.symbol === symbol && !this.#drawing(this.selected)) this.letGo();
  }

  #drawing({ symbol, id }: Chosen): Drawing | null {
    return this.shelf.drawings(symbol).find((one) => one.id === id) ?? null;
  }
}
